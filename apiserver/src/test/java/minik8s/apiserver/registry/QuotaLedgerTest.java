package minik8s.apiserver.registry;

import static minik8s.apiserver.registry.Workshop.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Charges and refunds over a store in memory. */
final class QuotaLedgerTest {
  private Workshop shop;

  @BeforeEach
  void aQuota() throws Exception {
    shop = new Workshop();
  }

  private void quota(String name, String spec, String hard, String used) throws Exception {
    shop.create("", "resourcequotas", "{'metadata':{'name':'%s'},'spec':%s}".formatted(name, spec));
    shop.status("", "resourcequotas", name, "{'hard':{%s},'used':{%s}}".formatted(hard, used));
    shop.cache.drain();
  }

  private String used(String quota) {
    return shop.get("", "resourcequotas", quota).at("/status/used").toString();
  }

  @Test
  void chargesPodsAndRefusesTheOneTooMany() throws Exception {
    quota(
        "q",
        "{'hard':{'pods':'2','requests.cpu':'1'}}",
        "'pods':'2','requests.cpu':'1'",
        "'pods':'0','requests.cpu':'0'");
    shop.create("", "pods", pod("a", "", "'cpu':'400m'"));
    assertThat(used("q")).isEqualTo("{\"pods\":\"1\",\"requests.cpu\":\"400m\"}");
    assertThatThrownBy(() -> shop.create("", "pods", pod("b", "", "'cpu':'700m'")))
        .hasMessage(
            "pods \"b\" is forbidden: exceeded quota: q, requested: requests.cpu=700m, used:"
                + " requests.cpu=400m, limited: requests.cpu=1");
    shop.create("", "pods", pod("b", "", "'cpu':'600m'"));
    assertThatThrownBy(() -> shop.create("", "pods", pod("c", "", "'cpu':'1m'")))
        .hasMessage(
            "pods \"c\" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=1m, used:"
                + " pods=2,requests.cpu=1, limited: pods=2,requests.cpu=1");
    assertThat(used("q")).isEqualTo("{\"pods\":\"2\",\"requests.cpu\":\"1\"}");
  }

  @Test
  void givesBackWhatEndsOrGoes() throws Exception {
    quota("q", "{'hard':{'pods':'2'}}", "'pods':'2'", "'pods':'0'");
    shop.create("", "pods", pod("a", "", ""));
    shop.create("", "pods", pod("b", "", ""));
    shop.status("", "pods", "a", "{'phase':'Succeeded'}");
    assertThat(used("q")).isEqualTo("{\"pods\":\"1\"}");
    DeleteOptions now = new DeleteOptions(0L, "", "", "", false);
    shop.registry.deleter().delete(shop.target("", "pods", "a"), now);
    assertThat(used("q")).isEqualTo("{\"pods\":\"1\"}");
    shop.registry.deleter().delete(shop.target("", "pods", "b"), now);
    assertThat(used("q")).isEqualTo("{\"pods\":\"0\"}");
  }

  @Test
  void givesBackWhatCouldNotBeStored() throws Exception {
    quota("q", "{'hard':{'configmaps':'5'}}", "'configmaps':'5'", "'configmaps':'0'");
    shop.create("", "configmaps", "{'metadata':{'name':'a'}}");
    assertThatThrownBy(() -> shop.create("", "configmaps", "{'metadata':{'name':'a'}}"))
        .hasMessage("configmaps \"a\" already exists");
    assertThat(used("q")).isEqualTo("{\"configmaps\":\"1\"}");
  }

  @Test
  void chargesEveryQuotaOrNone() throws Exception {
    quota("q1", "{'hard':{'pods':'5'}}", "'pods':'5'", "'pods':'0'");
    quota("q2", "{'hard':{'count/pods':'0'}}", "'count/pods':'0'", "'count/pods':'0'");
    assertThatThrownBy(() -> shop.create("", "pods", pod("a", "", "")))
        .hasMessageContaining("exceeded quota: q2, requested: count/pods=1");
    assertThat(used("q1")).isEqualTo("{\"pods\":\"0\"}");
  }

  @Test
  void wantsNamedAmountsWhereTheyAreLimited() throws Exception {
    quota(
        "q",
        "{'hard':{'limits.memory':'1Gi','requests.cpu':'1'}}",
        "'limits.memory':'1Gi','requests.cpu':'1'",
        "'limits.memory':'0','requests.cpu':'0'");
    assertThatThrownBy(() -> shop.create("", "pods", pod("a", "", "")))
        .hasMessage(
            "pods \"a\" is forbidden: failed quota: q: must specify limits.memory for: c;"
                + " requests.cpu for: c");
  }

  @Test
  void countsOnlyWhatItsScopesCover() throws Exception {
    quota("q", "{'hard':{'pods':'0'},'scopes':['BestEffort']}", "'pods':'0'", "'pods':'0'");
    shop.create("", "pods", pod("fine", "", "'cpu':'1'"));
    assertThatThrownBy(() -> shop.create("", "pods", pod("best", "", "")))
        .hasMessageContaining(
            "exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0");
  }

  @Test
  void doesNotCountBeforeTheControllerDid() throws Exception {
    shop.create("", "resourcequotas", "{'metadata':{'name':'q'},'spec':{'hard':{'pods':'0'}}}");
    shop.cache.drain();
    shop.create("", "pods", pod("a", "", ""));
    shop.status("", "resourcequotas", "q", "{'hard':{'pods':'0'}}");
    shop.cache.drain();
    assertThatThrownBy(() -> shop.create("", "pods", pod("b", "", "")))
        .hasMessageContaining("status unknown for quota: q, resources: pods");
  }

  @Test
  void chargesTheGrowthOfAClaim() throws Exception {
    quota(
        "q",
        "{'hard':{'requests.storage':'2Gi'}}",
        "'requests.storage':'2Gi'",
        "'requests.storage':'0'");
    shop.create(
        "",
        "persistentvolumeclaims",
        "{'metadata':{'name':'c'},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}}");
    assertThat(used("q")).isEqualTo("{\"requests.storage\":\"1Gi\"}");
    assertThatThrownBy(() -> resize("3Gi"))
        .hasMessageContaining("exceeded quota: q, requested: requests.storage=2Gi");
    resize("2Gi");
    assertThat(used("q")).isEqualTo("{\"requests.storage\":\"2Gi\"}");
  }

  private void resize(String size) {
    var _ =
        shop.registry
            .writer()
            .change(
                shop.target("", "persistentvolumeclaims", "c"),
                ObjectWriter.Part.MAIN,
                false,
                claim -> {
                  claim.withObject("/spec/resources/requests").put("storage", size);
                  return claim;
                });
  }
}
