/** What an SDK of WorkOS has to be told to speak to Gatehouse. */
import type { TestApp } from './test-app.ts';

export const sdkOptions = ({ url }: Pick<TestApp, 'url'>) => ({
  apiHostname: '127.0.0.1',
  port: Number(new URL(url).port),
  https: false,
});
