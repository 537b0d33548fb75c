package minik8s.controller.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import minik8s.api.HorizontalPodAutoscaler;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;

class PacePlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

  private static HorizontalPodAutoscaler scaler(String behavior) {
    String json =
        "{'metadata':{'name':'h'},'spec':{'minReplicas':2,'maxReplicas':20,'scaleTargetRef':{'kind':'Deployment','name':'w'}%s}}"
            .formatted(behavior.isEmpty() ? "" : ",'behavior':" + behavior);
    return Json.read(json.replace('\'', '"'), HorizontalPodAutoscaler.class);
  }

  private static PacePlan.Pace pace(String behavior, int current, int wish, History history) {
    return PacePlan.next(scaler(behavior), current, wish, history, NOW);
  }

  @Test
  void doublesAtMostWithoutRules() {
    assertThat(pace("", 3, 15, History.NONE).replicas()).isEqualTo(6);
    assertThat(pace("", 3, 15, History.NONE).limit().reason()).isEqualTo("ScaleUpLimit");
    assertThat(pace("", 1, 15, History.NONE).replicas()).isEqualTo(4);
    assertThat(pace("", 15, 99, History.NONE).limit().reason()).isEqualTo("TooManyReplicas");
    assertThat(pace("", 5, 1, History.NONE).replicas()).isEqualTo(2);
    assertThat(pace("", 5, 1, History.NONE).limit().reason()).isEqualTo("TooFewReplicas");
  }

  @Test
  void shrinksOnlyToTheMostOfTheLastFiveMinutes() {
    History history = History.NONE.recommended(8, NOW.minusSeconds(299));
    PacePlan.Pace pace = pace("", 8, 3, history);
    assertThat(pace.replicas()).isEqualTo(8);
    assertThat(pace.stable().reason()).isEqualTo("ScaleDownStabilized");
    assertThat(pace("", 8, 3, History.NONE.recommended(8, NOW.minusSeconds(301))).replicas())
        .isEqualTo(3);
  }

  @Test
  void keepsToWindowsOfItsOwn() {
    String rules =
        "{'scaleUp':{'stabilizationWindowSeconds':30,'policies':[{'type':'Pods','value':9,'periodSeconds':15}]},'scaleDown':{'stabilizationWindowSeconds':10,'policies':[{'type':'Percent','value':100,'periodSeconds':15}]}}";
    History low = History.NONE.recommended(4, NOW.minusSeconds(20));
    assertThat(pace(rules, 3, 9, low).replicas()).isEqualTo(4);
    assertThat(pace(rules, 3, 9, low).stable().reason()).isEqualTo("ScaleUpStabilized");
    History high = History.NONE.recommended(7, NOW.minusSeconds(20));
    assertThat(pace(rules, 7, 3, high).replicas()).isEqualTo(3);
  }

  @Test
  void countsChangesOfThePeriodAgainstItsPolicies() {
    String rules =
        "{'scaleUp':{'policies':[{'type':'Pods','value':4,'periodSeconds':60}]},'scaleDown':{'stabilizationWindowSeconds':0,'policies':[{'type':'Pods','value':2,'periodSeconds':60},{'type':'Percent','value':10,'periodSeconds':60}]}}";
    History grown = History.NONE.changed(4, 7, NOW.minusSeconds(30));
    assertThat(pace(rules, 7, 20, grown).replicas()).isEqualTo(8);
    assertThat(pace(rules, 7, 20, grown).limit().reason()).isEqualTo("ScaleUpLimit");
    assertThat(pace(rules, 10, 2, History.NONE).replicas()).isEqualTo(8);
    String careful = rules.replace("'scaleDown':{", "'scaleDown':{'selectPolicy':'Min',");
    assertThat(pace(careful, 10, 2, History.NONE).replicas()).isEqualTo(9);
    assertThat(pace(careful, 10, 2, History.NONE).limit().reason()).isEqualTo("ScaleDownLimit");
    String never = rules.replace("'scaleDown':{", "'scaleDown':{'selectPolicy':'Disabled',");
    assertThat(pace(never, 10, 2, History.NONE).replicas()).isEqualTo(10);
  }

  @Test
  void isContentWithWhatFits() {
    PacePlan.Pace pace = pace("", 5, 6, History.NONE);
    assertThat(pace.replicas()).isEqualTo(6);
    assertThat(pace.limit().reason()).isEqualTo("DesiredWithinRange");
    assertThat(pace.stable().reason()).isEqualTo("ReadyForNewScale");
  }
}
