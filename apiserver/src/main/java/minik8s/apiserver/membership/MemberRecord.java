package minik8s.apiserver.membership;

import java.nio.charset.StandardCharsets;
import minik8s.api.codec.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What a server's key says. Immutable.
 *
 * @param process which process the server is
 * @param alone whether it takes itself for the only one and reads from memory
 */
record MemberRecord(ProcessIdentity process, boolean alone) {
  byte[] bytes() {
    return Json.string(this).getBytes(StandardCharsets.UTF_8);
  }

  /** Reads a key's value, or null when no server of this version wrote it. */
  static @Nullable MemberRecord parse(byte[] value) {
    try {
      return Json.read(value, MemberRecord.class);
    } catch (JacksonException | IllegalArgumentException e) {
      return null;
    }
  }
}
