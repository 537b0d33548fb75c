package minik8s.gpu.slurm.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.UserInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a host may show; nothing is ever learnt. Remembers what was shown, for the message.
 * Confined to one attempt to connect.
 */
final class PinnedHostKeys implements HostKeyRepository {
  private final List<byte[]> pinned = new ArrayList<>();
  private byte @Nullable [] shown;

  /**
   * @param lines {@code [host] algorithm base64 [comment]}; unreadable ones pin nothing
   */
  PinnedHostKeys(List<String> lines) {
    for (String line : lines) {
      for (String word : line.strip().split("\\s+")) {
        if (word.startsWith("AAAA")) {
          try {
            pinned.add(Base64.getDecoder().decode(word));
          } catch (IllegalArgumentException e) {
            // Pins nothing, and so the host is refused with its fingerprint.
          }
        }
      }
    }
  }

  boolean none() {
    return pinned.isEmpty();
  }

  /** The fingerprint of the key that the host showed, as {@code ssh-keygen -l} prints it. */
  String shown() {
    byte[] key = shown;
    return key == null ? "" : describe(key);
  }

  /** The line to pin the key that the host showed. */
  String line() {
    byte[] key = shown;
    return key == null ? "" : algorithm(key) + " " + Base64.getEncoder().encodeToString(key);
  }

  /** The fingerprints of all pinned keys. */
  List<String> fingerprints() {
    return pinned.stream().map(PinnedHostKeys::describe).toList();
  }

  private static String describe(byte[] key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
      return "SHA256:"
          + Base64.getEncoder().withoutPadding().encodeToString(hash)
          + " ("
          + algorithm(key)
          + ")";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String algorithm(byte[] key) {
    if (key.length < 4) {
      return "unknown";
    }
    int length = ByteBuffer.wrap(key).getInt();
    return length < 1 || length > key.length - 4
        ? "unknown"
        : new String(key, 4, length, StandardCharsets.US_ASCII);
  }

  @Override
  public int check(String host, byte[] key) {
    shown = key.clone();
    if (pinned.stream().anyMatch(known -> Arrays.equals(known, key))) {
      return OK;
    }
    return pinned.isEmpty() ? NOT_INCLUDED : CHANGED;
  }

  @Override
  public void add(HostKey hostkey, @Nullable UserInfo ui) {}

  @Override
  public void remove(String host, @Nullable String type) {}

  @Override
  public void remove(String host, @Nullable String type, byte @Nullable [] key) {}

  @Override
  public String getKnownHostsRepositoryID() {
    return "the SlurmCluster's hostKeys";
  }

  @Override
  public HostKey[] getHostKey() {
    return getHostKey("", null);
  }

  /** Tells JSch which algorithms are pinned, so that it asks the host for one of those. */
  @Override
  public HostKey[] getHostKey(@Nullable String host, @Nullable String type) {
    List<HostKey> keys = new ArrayList<>();
    for (byte[] key : pinned) {
      if (type == null || type.equals(algorithm(key))) {
        try {
          keys.add(new HostKey(host == null ? "" : host, key));
        } catch (JSchException e) {
          // A kind of key that JSch does not know can't be the host's either.
        }
      }
    }
    return keys.toArray(new HostKey[0]);
  }
}
