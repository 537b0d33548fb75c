package minik8s.kubelet.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import minik8s.api.ObjectMeta;
import minik8s.api.Secret;
import minik8s.kubelet.runtime.ContainerRuntime.Login;
import org.junit.jupiter.api.Test;

class KeyringTest {
  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static Keyring keyring(String auths) {
    String config = "{\"auths\":" + auths.replace('\'', '"') + "}";
    return Keyring.of(
        List.of(
            new Secret(
                ObjectMeta.of("default", "regcred", Map.of()),
                "kubernetes.io/dockerconfigjson",
                Map.of(".dockerconfigjson", base64(config)))));
  }

  @Test
  void findsTheLoginOfTheImagesRegistry() {
    Keyring keyring =
        keyring("{'registry.example:5000':{'auth':'%s'}}".formatted(base64("jane:se:cret")));
    assertThat(keyring.logins("registry.example:5000/team/app:1"))
        .containsExactly(new Login("registry.example:5000", "jane", "se:cret", ""));
    assertThat(keyring.logins("other.example/team/app:1")).isEmpty();
    assertThat(keyring.logins("app:1")).isEmpty();
  }

  @Test
  void knowsTheHubByAllItsNames() {
    Keyring keyring = keyring("{'https://index.docker.io/v1/':{'username':'j','password':'p'}}");
    assertThat(keyring.logins("busybox")).hasSize(1);
    assertThat(keyring.logins("library/busybox:1")).hasSize(1);
    assertThat(keyring.logins("quay.example/busybox")).isEmpty();
  }

  @Test
  void prefersTheLongestPlaceAndUnderstandsStars() {
    Keyring keyring =
        keyring(
            "{'*.example':{'username':'any','password':'p'},"
                + "'r.example/team':{'username':'team','password':'p'}}");
    assertThat(keyring.logins("r.example/team/app"))
        .extracting(Login::username)
        .containsExactly("team", "any");
    assertThat(keyring.logins("r.example/other"))
        .extracting(Login::username)
        .containsExactly("any");
    assertThat(keyring.logins("a.b.example/x")).isEmpty();
  }

  @Test
  void readsTheOldFormAndSurvivesNonsense() {
    Secret old =
        new Secret(
            ObjectMeta.of("default", "old", Map.of()),
            "kubernetes.io/dockercfg",
            Map.of(".dockercfg", base64("{\"r.example\":{\"identitytoken\":\"t\"}}")));
    Secret broken =
        new Secret(
            ObjectMeta.of("default", "broken", Map.of()),
            "kubernetes.io/dockerconfigjson",
            Map.of(".dockerconfigjson", base64("nonsense")));
    assertThat(Keyring.of(List.of(broken, old)).logins("r.example/x"))
        .containsExactly(new Login("r.example", "", "", "t"));
  }

  @Test
  void showsNoPassword() {
    assertThat(new Login("r.example", "jane", "secret", "token").toString())
        .doesNotContain("secret")
        .doesNotContain("token");
  }
}
