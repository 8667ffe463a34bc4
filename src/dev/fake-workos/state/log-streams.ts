/** Stored log streams. */
export interface LogStream {
  id: string;
  type: 'AzureSentinel' | 'Datadog' | 'GenericHttps' | 'GoogleCloudStorage' | 'S3' | 'Splunk';
  state: 'active' | 'inactive' | 'error' | 'invalid';
  last_synced_at: string | null;
  created_at: string;
}

export interface LogStreamState {
  /** Keyed by organization id. */
  readonly logStreams: Map<string, LogStream>;
}
