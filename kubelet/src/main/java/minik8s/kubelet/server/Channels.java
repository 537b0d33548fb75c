package minik8s.kubelet.server;

import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subprotocols of exec and attach over WebSocket. Each message begins with a channel: 0 stdin,
 * 1 stdout, 2 stderr, 3 the final status, 4 terminal size; v5 adds 255, which closes a channel.
 */
enum Channels {
  V5("v5.channel.k8s.io"),
  V4("v4.channel.k8s.io"),
  V4_BASE64("v4.base64.channel.k8s.io"),
  BASE64("base64.channel.k8s.io"),
  PLAIN("channel.k8s.io");

  static final int STDIN = 0;
  static final int STDOUT = 1;
  static final int STDERR = 2;
  static final int STATUS = 3;
  static final int RESIZE = 4;
  static final int CLOSE = 255;

  private final String protocol;

  Channels(String protocol) {
    this.protocol = protocol;
  }

  String protocol() {
    return protocol;
  }

  boolean base64() {
    return this == V4_BASE64 || this == BASE64;
  }

  /** The best of what the client offers; null when there is none. */
  static @Nullable Channels choose(List<String> offered) {
    for (Channels channels : values()) {
      if (offered.contains(channels.protocol)) {
        return channels;
      }
    }
    return null;
  }

  /** The text form of a message. */
  static String text(int channel, byte[] bytes) {
    return channel + Base64.getEncoder().encodeToString(bytes);
  }
}
