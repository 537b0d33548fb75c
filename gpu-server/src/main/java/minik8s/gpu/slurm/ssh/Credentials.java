package minik8s.gpu.slurm.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import minik8s.api.Secret;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteFailure.Kind;

/**
 * What is needed to log in, by one method. Immutable; never printed.
 *
 * @param privateKey PEM or OpenSSH; empty unless the method needs one
 * @param certificate the line of an OpenSSH certificate; empty unless the method is CERTIFICATE
 */
public record Credentials(
    Method method,
    String user,
    String privateKey,
    String passphrase,
    String certificate,
    String password) {
  /** The four ways to log in; one is tried, once. */
  public enum Method {
    PRIVATE_KEY,
    CERTIFICATE,
    PASSWORD,
    KEYBOARD_INTERACTIVE
  }

  /**
   * Reads a Secret.
   *
   * @param authentication as in the SlurmCluster; {@code Auto} takes the best that is there
   * @throws RemoteFailure when something is missing, naming the key
   */
  public static Credentials of(Secret secret, String authentication) throws RemoteFailure {
    Map<String, String> data = secret.data();
    String key = text(data, "ssh-privatekey");
    String certificate = text(data, "ssh-certificate");
    Method method =
        switch (authentication) {
          case "PrivateKey" -> Method.PRIVATE_KEY;
          case "Certificate" -> Method.CERTIFICATE;
          case "Password" -> Method.PASSWORD;
          case "KeyboardInteractive" -> Method.KEYBOARD_INTERACTIVE;
          default ->
              !certificate.isEmpty()
                  ? Method.CERTIFICATE
                  : key.isEmpty() ? Method.PASSWORD : Method.PRIVATE_KEY;
        };
    Credentials found =
        new Credentials(
            method,
            text(data, "username").strip(),
            key,
            text(data, "passphrase").stripTrailing(),
            certificate.strip(),
            withoutNewline(text(data, "password")));
    found.require(secret);
    return found;
  }

  private void require(Secret secret) throws RemoteFailure {
    need(secret, "username", user);
    switch (method) {
      case PRIVATE_KEY -> need(secret, "ssh-privatekey", privateKey);
      case CERTIFICATE -> {
        need(secret, "ssh-privatekey", privateKey);
        need(secret, "ssh-certificate", certificate);
      }
      case PASSWORD, KEYBOARD_INTERACTIVE -> need(secret, "password", password);
    }
  }

  private void need(Secret secret, String key, String value) throws RemoteFailure {
    if (value.isEmpty()) {
      throw new RemoteFailure(
          Kind.CREDENTIALS_MISSING,
          "Secret "
              + secret.key()
              + " has no "
              + key
              + ", which logging in by "
              + way()
              + " needs");
    }
  }

  /** The method in words. */
  String way() {
    return method.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String text(Map<String, String> data, String key) throws RemoteFailure {
    String value = data.getOrDefault(key, "");
    try {
      return new String(Base64.getMimeDecoder().decode(value), UTF_8);
    } catch (IllegalArgumentException e) {
      throw new RemoteFailure(
          Kind.CREDENTIALS_MISSING, "key " + key + " of the Secret is no Base64");
    }
  }

  private static String withoutNewline(String text) {
    return text.endsWith("\n") ? text.substring(0, text.length() - 1).replaceAll("\r$", "") : text;
  }

  /** Names user and method only, so that no log line can leak a value. */
  @Override
  public String toString() {
    return "Credentials[" + user + ", " + method + "]";
  }
}
