package minik8s.apiserver.registry;

import static minik8s.apiserver.registry.Workshop.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Evictions against budgets, over a store in memory. */
final class EvictionsTest {
  private static final String READY =
      "{'phase':'Running','conditions':[{'type':'Ready','status':'True'}]}";
  private static final String UNREADY =
      "{'phase':'Running','conditions':[{'type':'Ready','status':'False'}]}";
  private Workshop shop;

  @BeforeEach
  void pods() throws Exception {
    shop = new Workshop();
    for (String name : new String[] {"a", "b"}) {
      shop.create("", "pods", pod(name, "'app':'x'", ""));
      shop.status("", "pods", name, READY);
    }
  }

  private void budget(String name, String status) throws Exception {
    shop.create(
        "policy",
        "poddisruptionbudgets",
        "{'metadata':{'name':'%s'},'spec':{'minAvailable':1,'selector':{'matchLabels':{'app':'x'}}}}"
            .formatted(name));
    shop.status("policy", "poddisruptionbudgets", name, status);
    shop.cache.drain();
  }

  private static String budgetStatus(int allowed, int healthy) {
    return "{'observedGeneration':1,'disruptionsAllowed':%d,'currentHealthy':%d,'desiredHealthy':1,'expectedPods':2,'conditions':[{'type':'DisruptionAllowed','status':'True','reason':'SufficientPods'}]}"
        .formatted(allowed, healthy);
  }

  private void evict(String name, String options, boolean dryRun) {
    ObjectNode eviction = Json.object();
    eviction.putObject("metadata").put("name", name);
    eviction.set("deleteOptions", Json.parse(options.replace('\'', '"')));
    shop.registry
        .subresources()
        .evict(
            shop.target("", "pods", name),
            shop.kind("policy", "poddisruptionbudgets"),
            eviction,
            dryRun);
  }

  @Test
  void takesOneDisruptionAndRefusesTheNext() throws Exception {
    budget("guard", budgetStatus(1, 2));
    evict("a", "{}", false);
    JsonNode gone = shop.get("", "pods", "a");
    assertThat(gone.at("/metadata/deletionTimestamp").asString("")).isNotEmpty();
    assertThat(gone.at("/status/conditions/1/type").asString()).isEqualTo("DisruptionTarget");
    assertThat(gone.at("/status/conditions/1/reason").asString())
        .isEqualTo("EvictionByEvictionAPI");
    JsonNode status = shop.get("policy", "poddisruptionbudgets", "guard").path("status");
    assertThat(status.path("disruptionsAllowed").asInt()).isZero();
    assertThat(status.path("disruptedPods").has("a")).isTrue();
    assertThat(status.at("/conditions/0/reason").asString()).isEqualTo("InsufficientPods");

    assertThatThrownBy(() -> evict("b", "{}", false))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              Failure failure = e.failure();
              assertThat(failure.code()).isEqualTo(429);
              assertThat(failure.message())
                  .isEqualTo("Cannot evict pod as it would violate the pod's disruption budget.");
              assertThat(failure.causes())
                  .containsExactly(
                      new Failure.Cause(
                          "DisruptionBudget",
                          "The disruption budget guard needs 1 healthy pods and has 2 currently",
                          ""));
            });
  }

  @Test
  void changesNothingOnADryRun() throws Exception {
    budget("guard", budgetStatus(1, 2));
    evict("a", "{'dryRun':['All']}", false);
    evict("a", "{}", true);
    assertThat(shop.get("", "pods", "a").path("metadata").has("deletionTimestamp")).isFalse();
    assertThat(
            shop.get("policy", "poddisruptionbudgets", "guard")
                .at("/status/disruptionsAllowed")
                .asInt())
        .isEqualTo(1);
  }

  @Test
  void asksNobodyAboutPodsThatServeNobody() throws Exception {
    budget("guard", budgetStatus(0, 1));
    shop.status("", "pods", "a", "{'phase':'Failed'}");
    evict("a", "{}", false);
    shop.status("", "pods", "b", UNREADY);
    evict("b", "{}", false);
    assertThat(shop.get("", "pods", "b").path("metadata").has("deletionTimestamp")).isTrue();
  }

  @Test
  void waitsForAnUnhealthyPodWhileTheBudgetIsShort() throws Exception {
    budget("guard", budgetStatus(0, 0));
    shop.status("", "pods", "b", UNREADY);
    assertThatThrownBy(() -> evict("b", "{}", false)).hasMessageContaining("disruption budget");
  }

  @Test
  void waitsForTheController() throws Exception {
    budget("guard", "{'disruptionsAllowed':1}");
    assertThatThrownBy(() -> evict("a", "{}", false))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.failure().retryAfterSeconds()).isEqualTo(10));
  }

  @Test
  void refusesTwoBudgetsForOnePod() throws Exception {
    budget("one", budgetStatus(1, 2));
    budget("two", budgetStatus(1, 2));
    assertThatThrownBy(() -> evict("a", "{}", false))
        .hasMessageContaining("more than one PodDisruptionBudget");
  }

  @Test
  void keepsToPreconditionsOfTheCaller() throws Exception {
    budget("guard", budgetStatus(1, 2));
    assertThatThrownBy(() -> evict("a", "{'preconditions':{'uid':'other'}}", false))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.conflict()).isTrue());
  }
}
