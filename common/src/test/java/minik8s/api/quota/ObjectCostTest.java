package minik8s.api.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
import minik8s.api.Quantity;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ObjectCostTest {
  private static JsonNode doc(String json) {
    return Json.parse(json.replace('\'', '"'));
  }

  private static Map<String, Quantity> amounts(String json) {
    return Amounts.read(doc(json));
  }

  @Test
  void addsInTheFormOfTheOperands() {
    assertThat(Amounts.text(Amounts.plus(amounts("{'m':'512Mi'}"), amounts("{'m':'1.5Gi'}"))))
        .isEqualTo("m=2Gi");
    assertThat(Amounts.text(Amounts.plus(amounts("{'c':'250m'}"), amounts("{'c':'0.75'}"))))
        .isEqualTo("c=1");
    assertThat(Amounts.text(Amounts.plus(amounts("{'c':'100m'}"), amounts("{'d':'1k'}"))))
        .isEqualTo("c=100m,d=1k");
    assertThat(Amounts.of(new BigDecimal("0.0000000001"), false).text()).isEqualTo("1n");
    assertThat(Amounts.of(new BigDecimal("1500"), false).text()).isEqualTo("1500");
    assertThat(Amounts.minus(new Quantity("1"), new Quantity("2")).text()).isEqualTo("0");
  }

  @Test
  void countsWhatAPodNeedsAtItsPeak() {
    JsonNode pod =
        doc(
            """
            {'spec':{'overhead':{'cpu':'10m'},'containers':[
              {'resources':{'requests':{'cpu':'100m'},'limits':{'cpu':'1'}}},
              {'resources':{'requests':{'cpu':'200m','memory':'64Mi'}}}],
             'initContainers':[
              {'restartPolicy':'Always','resources':{'requests':{'cpu':'50m'}}},
              {'resources':{'requests':{'cpu':'400m','memory':'32Mi'}}}]}}
            """);
    assertThat(Amounts.text(PodAmounts.requests(pod))).isEqualTo("cpu=460m,memory=64Mi");
    assertThat(Amounts.text(PodAmounts.limits(pod))).isEqualTo("cpu=1010m");
  }

  @Test
  void namesTheCostOfPodsServicesAndClaims() {
    JsonNode pod =
        doc(
            """
            {'spec':{'containers':[{'resources':{'requests':{'cpu':'1','nvidia.com/gpu':'2'},
              'limits':{'memory':'1Gi'}}}]}}
            """);
    assertThat(Amounts.text(ObjectCost.of("", "pods", pod)))
        .isEqualTo(
            "count/pods=1,cpu=1,limits.memory=1Gi,pods=1,requests.cpu=1,requests.nvidia.com/gpu=2");
    JsonNode ended = doc("{'status':{'phase':'Failed'},'spec':{'containers':[{}]}}");
    assertThat(Amounts.text(ObjectCost.of("", "pods", ended))).isEqualTo("count/pods=1");
    JsonNode service = doc("{'spec':{'type':'LoadBalancer','ports':[{},{}]}}");
    assertThat(Amounts.text(ObjectCost.of("", "services", service)))
        .isEqualTo("count/services=1,services=1,services.loadbalancers=1,services.nodeports=2");
    JsonNode claim =
        doc("{'spec':{'storageClassName':'s','resources':{'requests':{'storage':'5Gi'}}}}");
    assertThat(Amounts.text(ObjectCost.of("", "persistentvolumeclaims", claim)))
        .isEqualTo(
            "count/persistentvolumeclaims=1,persistentvolumeclaims=1,requests.storage=5Gi,"
                + "s.storageclass.storage.k8s.io/persistentvolumeclaims=1,"
                + "s.storageclass.storage.k8s.io/requests.storage=5Gi");
    assertThat(Amounts.text(ObjectCost.of("apps", "deployments", doc("{}"))))
        .isEqualTo("count/deployments.apps=1");
  }

  @Test
  void looksAtPodsThroughScopes() {
    JsonNode best = doc("{'spec':{'containers':[{}],'activeDeadlineSeconds':5}}");
    JsonNode burst =
        doc(
            "{'spec':{'priorityClassName':'high','containers':[{'resources':{'requests':{'cpu':'1'}}}]}}");
    assertThat(covers("{'scopes':['BestEffort','Terminating']}", best)).isTrue();
    assertThat(covers("{'scopes':['BestEffort']}", burst)).isFalse();
    assertThat(covers("{'scopes':['NotBestEffort','NotTerminating']}", burst)).isTrue();
    String high =
        "{'scopeSelector':{'matchExpressions':[{'scopeName':'PriorityClass','operator':'In','values':['high']}]}}";
    assertThat(covers(high, burst)).isTrue();
    assertThat(covers(high, best)).isFalse();
    assertThat(QuotaScope.covers(doc("{'scopes':['BestEffort']}"), "", "services", doc("{}")))
        .isFalse();
  }

  private static boolean covers(String spec, JsonNode pod) {
    return QuotaScope.covers(doc(spec), "", "pods", pod);
  }
}
