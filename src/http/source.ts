/** An object being read: its head has arrived, its body has not. Header names in lower case. */
export interface OpenedObject<S> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Body as the runtime's own stream, for passing through. */
  readonly stream: S;
  /** Reads the whole body; SOURCE_TOO_LARGE as soon as more than maxBytes have come. */
  read(maxBytes: number): Promise<Uint8Array>;
  /** Gives the body up, so that its connection is free. */
  discard(): void;
}

/** Where a handler reads from. Both throw UPSTREAM_FAILED or TIMEOUT where no head arrives. */
export interface ObjectSource<S> {
  /** The very object the client asked for. */
  openRequested(): Promise<OpenedObject<S>>;
  /** Another object of the same bucket. */
  open(key: string): Promise<OpenedObject<S>>;
}
