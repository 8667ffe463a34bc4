/** What the fake remembers of log streams. */
export interface LogStream {
  id: string;
  type: 'AzureSentinel' | 'Datadog' | 'GenericHttps' | 'GoogleCloudStorage' | 'S3' | 'Splunk';
  state: 'active' | 'inactive' | 'error' | 'invalid';
  last_synced_at: string | null;
  created_at: string;
}

export interface LogStreamState {
  /** By organization. */
  readonly logStreams: Map<string, LogStream>;
}
