package minik8s.apiserver.rest;

import java.io.IOException;

/**
 * Where the events of one watch go: a chunked answer or a WebSocket. Confined to the watch's
 * thread.
 */
interface WatchSink {
  /**
   * Takes one event: the type's text around the object's JSON; sent at the latest with {@link
   * #flush}.
   */
  void event(byte[] prefix, byte[] object) throws IOException;

  /** Sends what was taken. */
  void flush() throws IOException;
}
