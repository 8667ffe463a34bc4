// Preloaded into measured processes: reports their CPU time and memory over IPC, and profiles them on demand.
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setInterval } from 'node:timers';

const RESOLUTION_MS = 10;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
let peak = process.memoryUsage.rss();
setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 100).unref();

process.on('message', ({ id, question }) => {
  if (question !== 'usage') return;
  const { user, system } = process.cpuUsage();
  const main = process.threadCpuUsage();
  process.send({
    id,
    answer: {
      cpuMicros: user + system,
      mainMicros: main.user + main.system,
      systemMicros: system,
      rssMb: process.memoryUsage.rss() / 2 ** 20,
      peakMb: peak / 2 ** 20,
      handles: process.getActiveResourcesInfo().length,
      listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
      // The histogram includes its own timer interval.
      delayP99Ms: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS),
    },
  });
  delay.reset();
});

const SAMPLE_MICROS = 200;
const session = new Session();
process.on('message', async ({ id, question }) => {
  if (question === 'profile') {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROS });
    await session.post('Profiler.start');
    process.send({ id });
  }
  if (question !== 'endProfile') return;
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  process.send({ id, answer: profile });
});
process.channel?.unref();
// The bench process has exited.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
