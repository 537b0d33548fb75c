package minik8s.controller.volume;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import minik8s.api.Node;
import minik8s.files.FolderTree;

/**
 * The folders of nodes that share this machine's files. Stateless; thread-safe.
 *
 * <p>A node shares them when one of its addresses is one of this machine's.
 */
public final class MachineFolders implements Folders {
  @Override
  public boolean reach(Node node) {
    return node.status().addresses().stream()
        .filter(address -> address.type().equals("InternalIP"))
        .anyMatch(address -> own(address.address()));
  }

  private static boolean own(String address) {
    try {
      InetAddress parsed = InetAddress.ofLiteral(address);
      return parsed.isLoopbackAddress() || NetworkInterface.getByInetAddress(parsed) != null;
    } catch (IllegalArgumentException | IOException e) {
      return false;
    }
  }

  @Override
  public void remove(Path folder) throws IOException {
    FolderTree.delete(folder);
  }
}
