package minik8s.apiserver.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestInfoTest {
  private static RequestInfo get(String path) {
    return RequestInfo.of("GET", path, new Query(null));
  }

  @Test
  void knowsANameHoweverItIsWritten() {
    String roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles/";

    assertThat(get(roles + "system%3Anode").name()).isEqualTo("system:node");
    assertThat(get(roles + "system:node").name()).isEqualTo("system:node");
    assertThat(get(roles + "a+b").name()).isEqualTo("a+b");
  }

  @Test
  void makesNoNewSegmentOfAnEscapedSlash() {
    RequestInfo info = get("/api/v1/namespaces/n/pods/p%2Flog");

    assertThat(info.name()).isEqualTo("p%2Flog");
    assertThat(info.subresource()).isEmpty();
    assertThat(get("/api/v1/nodes/%zz").name()).isEqualTo("%zz");
  }
}
