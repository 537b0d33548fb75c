package minik8s.gpu.slurm.ssh;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteFailure.Kind;

/**
 * The validity of OpenSSH certificates, so that an expired one is not even shown to the host. Pure.
 * Source: OpenSSH's {@code PROTOCOL.certkeys}.
 */
final class Certificates {
  private Certificates() {}

  /** From when until when a certificate counts. */
  record Validity(Instant from, Instant until) {}

  /** Why the certificate can't be used now; empty when it can. */
  static Optional<RemoteFailure> problem(String line, Instant now) {
    Validity validity;
    try {
      validity = validity(line);
    } catch (IllegalArgumentException | java.nio.BufferUnderflowException e) {
      return Optional.of(
          new RemoteFailure(
              Kind.CREDENTIALS_MISSING, "ssh-certificate of the Secret is no OpenSSH certificate"));
    }
    if (now.isBefore(validity.from())) {
      return Optional.of(
          new RemoteFailure(
              Kind.CERTIFICATE_EXPIRED,
              "the SSH certificate is valid only from " + validity.from()));
    }
    return now.isBefore(validity.until())
        ? Optional.empty()
        : Optional.of(
            new RemoteFailure(
                Kind.CERTIFICATE_EXPIRED,
                "the SSH certificate expired at "
                    + validity.until()
                    + "; put a new one into the Secret"));
  }

  static Validity validity(String line) {
    String[] words = line.strip().split("\\s+");
    if (words.length < 2 || !words[0].contains("-cert-v01@openssh.com")) {
      throw new IllegalArgumentException("no certificate");
    }
    ByteBuffer blob = ByteBuffer.wrap(Base64.getDecoder().decode(words[1]));
    String type = new String(string(blob), java.nio.charset.StandardCharsets.US_ASCII);
    string(blob); // nonce
    int parts = type.startsWith("ssh-rsa") || type.startsWith("ecdsa") ? 2 : 1;
    for (int i = 0; i < parts; i++) {
      string(blob); // the public key
    }
    blob.getLong(); // serial
    blob.getInt(); // type
    string(blob); // key id
    string(blob); // principals
    return new Validity(time(blob.getLong()), time(blob.getLong()));
  }

  private static byte[] string(ByteBuffer blob) {
    int length = blob.getInt();
    if (length < 0 || length > blob.remaining()) {
      throw new IllegalArgumentException("no certificate");
    }
    byte[] bytes = new byte[length];
    blob.get(bytes);
    return bytes;
  }

  /** Seconds since the epoch, unsigned; all ones mean for ever. */
  private static Instant time(long seconds) {
    return seconds < 0 || seconds > Instant.MAX.getEpochSecond()
        ? Instant.MAX
        : Instant.ofEpochSecond(seconds);
  }
}
