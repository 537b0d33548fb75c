package minik8s.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import minik8s.api.Failure;
import minik8s.api.Resource;
import minik8s.daemon.Delegation.Verdict;
import minik8s.daemon.Delegation.Wanted;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class DelegationTest {
  private static final Wanted METRICS = new Wanted.Path("get", "/metrics");

  private final List<String> asked = new ArrayList<>();
  private boolean allowed = true;
  private boolean silent;
  private Instant now = Instant.EPOCH;
  private final Delegation delegation = new Delegation(this::review, () -> now);

  private JsonNode review(Resource<JsonNode> kind, ObjectNode review) {
    if (silent) {
      throw Failure.unavailable("no answer").asException();
    }
    asked.add(kind.kind());
    ObjectNode status = review.putObject("status");
    if (kind.kind().equals("TokenReview")) {
      boolean known = review.path("spec").path("token").asString("").equals("good");
      status.put("authenticated", known);
      status.putObject("user").put("username", "prometheus").putArray("groups").add("readers");
    } else {
      assertThat(review.path("spec").path("user").asString("")).isEqualTo("prometheus");
      assertThat(review.path("spec").path("groups").get(0).asString("")).isEqualTo("readers");
      status.put("allowed", allowed);
    }
    return review;
  }

  private Verdict judge(String token) {
    return delegation.judge(null, "Bearer " + token, METRICS);
  }

  @Test
  void letsInWhomTheApiServerKnowsAndAllows() {
    assertThat(judge("good")).isEqualTo(new Verdict.Allowed());
    assertThat(asked).containsExactly("TokenReview", "SubjectAccessReview");
  }

  @Test
  void knowsNobodyByAWrongTokenOrNone() {
    assertThat(judge("bad")).isEqualTo(new Verdict.Unknown());
    assertThat(delegation.judge(null, null, METRICS)).isEqualTo(new Verdict.Unknown());
    assertThat(delegation.judge(null, "Basic abc", METRICS)).isEqualTo(new Verdict.Unknown());
  }

  @Test
  void refusesWhomTheApiServerDoesNotAllow() {
    allowed = false;
    assertThat(judge("good"))
        .isEqualTo(
            new Verdict.Refused("forbidden: User \"prometheus\" cannot get path \"/metrics\""));
  }

  @Test
  void asksAgainOnceAnAnswerIsOld() {
    assertThat(judge("good")).isEqualTo(new Verdict.Allowed());
    assertThat(judge("good")).isEqualTo(new Verdict.Allowed());
    assertThat(asked).hasSize(2);
    allowed = false;
    now = now.plus(Delegation.KEPT);
    assertThat(judge("good")).isInstanceOf(Verdict.Refused.class);
    assertThat(asked).hasSize(4);
  }

  @Test
  void takesAPermissionForOneThingNotForAnother() {
    assertThat(judge("good")).isEqualTo(new Verdict.Allowed());
    allowed = false;
    assertThat(delegation.judge(null, "Bearer good", new Wanted.Node("create", "proxy", "node-1")))
        .isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void letsNobodyInWhileTheApiServerIsSilent() {
    silent = true;
    assertThat(judge("good")).isInstanceOf(Verdict.Refused.class);
  }
}
