package minik8s.kubelet.runtime;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import minik8s.api.Container;

/**
 * A short hash over the fields whose change needs a new container: name and image, the only ones
 * that the API lets change in place. Pure.
 */
public final class ContainerHash {
  private ContainerHash() {}

  public static String of(Container container) {
    CRC32 crc = new CRC32();
    crc.update((container.name() + "\n" + container.image()).getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }
}
