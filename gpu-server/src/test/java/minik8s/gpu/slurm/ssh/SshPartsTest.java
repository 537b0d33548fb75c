package minik8s.gpu.slurm.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jcraft.jsch.HostKeyRepository;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import minik8s.gpu.slurm.RemoteFailure;
import minik8s.gpu.slurm.RemoteFailure.Kind;
import minik8s.gpu.testbed.TestBed;
import org.junit.jupiter.api.Test;

class SshPartsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void neverTriesRefusedCredentialsAgain() {
    ConnectionGate gate = new ConnectionGate(Duration.ofSeconds(5));
    gate.failed(new RemoteFailure(Kind.LOGIN_REFUSED, "no"), NOW);
    assertThat(gate.closed(NOW.plus(Duration.ofDays(365)))).isPresent();
  }

  @Test
  void spacesAttemptsFurtherAndFurtherApart() {
    ConnectionGate gate = new ConnectionGate(Duration.ofSeconds(5));
    RemoteFailure away = new RemoteFailure(Kind.UNREACHABLE, "no route");
    gate.failed(away, NOW);
    assertThat(gate.closed(NOW.plusSeconds(4))).isPresent();
    assertThat(gate.closed(NOW.plusSeconds(5))).isEmpty();
    gate.failed(away, NOW);
    assertThat(gate.closed(NOW.plusSeconds(9))).isPresent();
    for (int i = 0; i < 40; i++) {
      gate.failed(away, NOW);
    }
    assertThat(gate.closed(NOW.plus(Duration.ofMinutes(10)))).isEmpty();
    gate.opened(NOW);
    assertThat(gate.wait(NOW.plusSeconds(1))).hasSeconds(4);
  }

  private static byte[] key(String algorithm, int last) {
    byte[] name = algorithm.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(4 + name.length + 4)
        .putInt(name.length)
        .put(name)
        .putInt(last)
        .array();
  }

  @Test
  void trustsPinnedKeysAloneAndTellsWhatItSaw() {
    byte[] known = key("ssh-ed25519", 1);
    PinnedHostKeys keys =
        new PinnedHostKeys(
            List.of("login ssh-ed25519 " + Base64.getEncoder().encodeToString(known) + " comment"));
    assertThat(keys.check("login", known)).isEqualTo(HostKeyRepository.OK);
    byte[] other = key("ssh-ed25519", 2);
    assertThat(keys.check("login", other)).isEqualTo(HostKeyRepository.CHANGED);
    assertThat(keys.shown()).startsWith("SHA256:").endsWith("(ssh-ed25519)");
    assertThat(keys.line()).isEqualTo("ssh-ed25519 " + Base64.getEncoder().encodeToString(other));
    PinnedHostKeys none = new PinnedHostKeys(List.of("nonsense"));
    assertThat(none.none()).isTrue();
    assertThat(none.check("login", known)).isEqualTo(HostKeyRepository.NOT_INCLUDED);
  }

  private static String certificate(long from, long until) {
    ByteBuffer blob = ByteBuffer.allocate(400);
    for (String text : List.of("ssh-ed25519-cert-v01@openssh.com", "nonce", "key")) {
      blob.putInt(text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
    }
    blob.putLong(1).putInt(1).putInt(0).putInt(0).putLong(from).putLong(until);
    return "ssh-ed25519-cert-v01@openssh.com "
        + Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(blob.array(), blob.position()))
        + " me";
  }

  @Test
  void showsNoCertificateThatIsNotValid() {
    long now = NOW.getEpochSecond();
    assertThat(Certificates.problem(certificate(now - 5, now + 5), NOW)).isEmpty();
    assertThat(Certificates.problem(certificate(0, -1), NOW)).as("for ever").isEmpty();
    assertThat(Certificates.problem(certificate(now - 9, now), NOW))
        .hasValueSatisfying(problem -> {
          assertThat(problem.kind()).isEqualTo(Kind.CERTIFICATE_EXPIRED);
          assertThat(problem.sentence()).contains("expired at 2026-01-01T00:00:00Z");
        });
    assertThat(Certificates.problem(certificate(now + 5, now + 9), NOW)).isPresent();
    assertThat(Certificates.problem("ssh-ed25519 AAAA", NOW))
        .hasValueSatisfying(
            problem -> assertThat(problem.kind()).isEqualTo(Kind.CREDENTIALS_MISSING));
  }

  @Test
  void takesTheBestWayThatASecretOffersAndNeverPrintsIt() throws RemoteFailure {
    Credentials both =
        Credentials.of(
            TestBed.secret("s", Map.of("username", "u", "ssh-privatekey", "K", "password", "P")),
            "Auto");
    assertThat(both.method()).isEqualTo(Credentials.Method.PRIVATE_KEY);
    assertThat(
            Credentials.of(
                    TestBed.secret("s", Map.of("username", "u", "password", "P\n")),
                    "KeyboardInteractive")
                .password())
        .isEqualTo("P");
    assertThat(both.toString()).doesNotContain("K,").doesNotContain("P]");
    assertThatThrownBy(
            () -> Credentials.of(TestBed.secret("s", Map.of("username", "u")), "Certificate"))
        .hasMessageContaining("has no ssh-privatekey");
  }

  @Test
  void answersAQuestionForThePasswordOnceAndNoOther() {
    Answers answers = new Answers("P");
    assertThat(
            answers.promptKeyboardInteractive(
                "u@h", "", "", new String[] {"Verification code: "}, new boolean[1]))
        .isNull();
    assertThat(
            answers.promptKeyboardInteractive(
                "u@h", "", "", new String[] {"(u@h) Password: "}, new boolean[1]))
        .containsExactly("P");
    assertThat(
            answers.promptKeyboardInteractive(
                "u@h", "", "", new String[] {"Password: "}, new boolean[1]))
        .isNull();
  }
}
