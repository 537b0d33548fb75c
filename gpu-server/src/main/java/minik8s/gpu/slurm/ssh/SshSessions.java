package minik8s.gpu.slurm.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchChangedHostKeyException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchUnknownHostKeyException;
import com.jcraft.jsch.Session;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteFailure.Kind;
import org.jspecify.annotations.Nullable;

/** Opens SSH connections: one method of authentication, tried once. Stateless. */
final class SshSessions {
  private static final int CONNECT_MILLIS = 20_000;
  private static final int ALIVE_MILLIS = 15_000;

  private SshSessions() {}

  static Session open(Target target, Credentials credentials, PinnedHostKeys keys, Instant now)
      throws RemoteFailure {
    if (credentials.method() == Credentials.Method.CERTIFICATE) {
      Optional<RemoteFailure> problem = Certificates.problem(credentials.certificate(), now);
      if (problem.isPresent()) {
        throw problem.get();
      }
    }
    JSch jsch = new JSch();
    jsch.setHostKeyRepository(keys);
    try {
      identify(jsch, credentials);
    } catch (JSchException e) {
      throw new RemoteFailure(
          Kind.CREDENTIALS_MISSING,
          "the private key of the Secret can't be read: is it whole, and is its passphrase there?");
    }
    try {
      Session session = jsch.getSession(credentials.user(), target.host(), target.port());
      configure(session, credentials);
      session.connect(CONNECT_MILLIS);
      return session;
    } catch (JSchException e) {
      throw meaning(e, target, credentials, keys);
    }
  }

  private static void identify(JSch jsch, Credentials credentials) throws JSchException {
    byte[] key = credentials.privateKey().getBytes(UTF_8);
    byte @Nullable [] passphrase =
        credentials.passphrase().isEmpty() ? null : credentials.passphrase().getBytes(UTF_8);
    switch (credentials.method()) {
      case PRIVATE_KEY -> jsch.addIdentity("secret", key, null, passphrase);
      case CERTIFICATE ->
          jsch.addIdentity("secret", key, credentials.certificate().getBytes(UTF_8), passphrase);
      case PASSWORD, KEYBOARD_INTERACTIVE -> {}
    }
  }

  private static void configure(Session session, Credentials credentials) throws JSchException {
    session.setConfig("StrictHostKeyChecking", "yes");
    session.setConfig("HashKnownHosts", "no");
    session.setConfig("MaxAuthTries", "1");
    session.setConfig("PreferredAuthentications", method(credentials));
    session.setServerAliveInterval(ALIVE_MILLIS);
    session.setServerAliveCountMax(3);
    session.setDaemonThread(true);
    switch (credentials.method()) {
      case PASSWORD -> session.setPassword(credentials.password().getBytes(UTF_8));
      case KEYBOARD_INTERACTIVE -> session.setUserInfo(new Answers(credentials.password()));
      case PRIVATE_KEY, CERTIFICATE -> {}
    }
  }

  private static String method(Credentials credentials) {
    return switch (credentials.method()) {
      case PRIVATE_KEY, CERTIFICATE -> "publickey";
      case PASSWORD -> "password";
      case KEYBOARD_INTERACTIVE -> "keyboard-interactive";
    };
  }

  private static RemoteFailure meaning(
      JSchException e, Target target, Credentials credentials, PinnedHostKeys keys) {
    String text = String.valueOf(e.getMessage());
    String lower = text.toLowerCase(Locale.ROOT);
    String host = target.host() + ":" + target.port();
    if (e instanceof JSchUnknownHostKeyException || (keys.none() && !keys.shown().isEmpty())) {
      return new RemoteFailure(
          Kind.HOST_KEY_UNKNOWN,
          "no host key of %s is pinned; it shows %s. If that is the centre's, add to spec.hostKeys: %s"
              .formatted(host, keys.shown(), keys.line()));
    }
    if (e instanceof JSchChangedHostKeyException) {
      return new RemoteFailure(
          Kind.HOST_KEY_CHANGED,
          "%s shows host key %s, but pinned is %s. Nothing was sent; ask the centre before you change spec.hostKeys"
              .formatted(host, keys.shown(), String.join(", ", keys.fingerprints())));
    }
    // JSch keeps the classes of these to itself.
    if (e.getClass().getSimpleName().contains("Auth")
        || lower.startsWith("auth fail")
        || lower.startsWith("auth cancel")
        || lower.contains("authentication failures")) {
      return new RemoteFailure(
          Kind.LOGIN_REFUSED,
          "%s refuses user %s by %s; not tried again until the Secret changes"
              .formatted(host, credentials.user(), credentials.way()));
    }
    return new RemoteFailure(Kind.UNREACHABLE, "no connection to " + host + ": " + text);
  }
}
