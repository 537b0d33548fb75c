package minik8s.scheduler.plugins;

import static minik8s.scheduler.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minik8s.api.Namespace;
import minik8s.api.Pod;
import minik8s.api.codec.Json;
import minik8s.api.codec.Yaml;
import minik8s.scheduler.framework.ClusterState;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.NodeView;
import minik8s.scheduler.framework.PodView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InterPodAffinityTest {
  private static final String NOT_NEAR = "node(s) didn't match pod affinity rules";
  private static final String NOT_FAR = "node(s) didn't match pod anti-affinity rules";
  private static final String UNWANTED = "node(s) didn't satisfy existing pods anti-affinity rules";

  private final InterPodAffinity plugin = new InterPodAffinity();
  private final ClusterState cluster = new ClusterState();

  /** Nodes a and b in zone 1, c in zone 2, d in none. */
  @BeforeEach
  void fill() {
    cluster.put(node("a").label("zone", "1").label("host", "a").build());
    cluster.put(node("b").label("zone", "1").label("host", "b").build());
    cluster.put(node("c").label("zone", "2").label("host", "c").build());
    cluster.put(node("d").label("host", "d").build());
  }

  @Test
  void asksNothingOfPodsThatNobodyIsConcernedWith() {
    place("db", "{app: db}", "{}", "a");
    assertThat(plugin.prepareFilter(pod("web", "{app: web}", "{}"), cluster)).isNull();
  }

  @Test
  void goesWhereThePodsAreThatItWantsToBeNear() {
    place("db", "{app: db}", "{}", "a");
    PodView web = pod("web", "{app: web}", near("zone", "app: db"));
    assertThat(reasons(web, "a")).isEmpty();
    assertThat(reasons(web, "b")).isEmpty();
    assertThat(reasons(web, "c")).containsExactly(NOT_NEAR);
    assertThat(reasons(web, "d")).containsExactly(NOT_NEAR);
  }

  @Test
  void letsTheFirstOfPodsThatWantToBeTogetherGoAnywhereInTheTopology() {
    PodView first = pod("first", "{app: web}", near("zone", "app: web"));
    assertThat(reasons(first, "a")).isEmpty();
    assertThat(reasons(first, "c")).isEmpty();
    assertThat(reasons(first, "d")).containsExactly(NOT_NEAR);
    cluster.place(first, "c");
    PodView second = pod("second", "{app: web}", near("zone", "app: web"));
    assertThat(reasons(second, "a")).containsExactly(NOT_NEAR);
    assertThat(reasons(second, "c")).isEmpty();
  }

  @Test
  void staysAwayFromPodsThatItWantsToBeFarFrom() {
    place("web-1", "{app: web}", "{}", "a");
    PodView second = pod("web-2", "{app: web}", far("host", "app: web"));
    assertThat(reasons(second, "a")).containsExactly(NOT_FAR);
    assertThat(reasons(second, "b")).isEmpty();
    PodView zonal = pod("web-3", "{app: web}", far("zone", "app: web"));
    assertThat(reasons(zonal, "b")).containsExactly(NOT_FAR);
    assertThat(reasons(zonal, "c")).isEmpty();
    assertThat(reasons(zonal, "d")).isEmpty();
  }

  @Test
  void staysAwayFromPodsThatDoNotWantIt() {
    place("hermit", "{app: hermit}", far("zone", "app: web"), "a");
    PodView web = pod("web", "{app: web}", "{}");
    assertThat(reasons(web, "b")).containsExactly(UNWANTED);
    assertThat(reasons(web, "c")).isEmpty();
    cluster.removePod("uid-hermit");
    assertThat(plugin.prepareFilter(web, cluster)).isNull();
  }

  @Test
  void meansItsOwnNamespaceUnlessItSaysOthers() {
    place("db", "{app: db}", "{}", "a");
    cluster.putNamespace("default", namespace("default", "team: core"));
    PodView stranger = elsewhere("shop", near("zone", "app: db"));
    assertThat(reasons(stranger, "a")).containsExactly(NOT_NEAR);
    assertThat(reasons(elsewhere("shop", nearIn("namespaces: [default]")), "a")).isEmpty();
    assertThat(reasons(elsewhere("shop", nearIn("namespaceSelector: {}")), "a")).isEmpty();
    assertThat(
            reasons(
                elsewhere("shop", nearIn("namespaceSelector: {matchLabels: {team: core}}")), "a"))
        .isEmpty();
    assertThat(
            reasons(
                elsewhere("shop", nearIn("namespaceSelector: {matchLabels: {team: other}}")), "a"))
        .containsExactly(NOT_NEAR);
  }

  @Test
  void comparesLabelsOfItsOwnByMatchLabelKeys() {
    place("old", "{app: web, rev: '1'}", "{}", "a");
    String byRevision =
        """
        affinity:
          podAntiAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
            - {topologyKey: host, labelSelector: {matchLabels: {app: web}}, %s: [rev, none]}
        """;
    PodView sameOnly = pod("n", "{app: web, rev: '2'}", byRevision.formatted("matchLabelKeys"));
    assertThat(reasons(sameOnly, "a")).isEmpty();
    PodView othersOnly =
        pod("m", "{app: web, rev: '2'}", byRevision.formatted("mismatchLabelKeys"));
    assertThat(reasons(othersOnly, "a")).containsExactly(NOT_FAR);
  }

  @Test
  void reckonsWithPodsThatComeAndGo() {
    place("web-1", "{app: web}", "{}", "a");
    PodView second = pod("web-2", "{app: web}", far("host", "app: web"));
    Filter.Check check = plugin.prepareFilter(second, cluster);
    assertThat(check).isNotNull();
    PodView first = cluster.placed("uid-web-1");
    check.reckon(java.util.Objects.requireNonNull(first), view("a"), -1);
    assertThat(check.check(view("a"))).isEqualTo(minik8s.scheduler.framework.Verdict.FITS);
    check.reckon(first, view("a"), 1);
    assertThat(check.check(view("a"))).isNotEqualTo(minik8s.scheduler.framework.Verdict.FITS);
  }

  @Test
  void followsLabelsOfNodes() {
    place("db", "{app: db}", "{}", "a");
    PodView web = pod("web", "{app: web}", near("zone", "app: db"));
    assertThat(reasons(web, "c")).containsExactly(NOT_NEAR);
    cluster.put(node("c").label("zone", "1").label("host", "c").build());
    assertThat(reasons(web, "c")).isEmpty();
    cluster.removeNode("a");
    assertThat(reasons(web, "c")).as("the node of the pod is gone").containsExactly(NOT_NEAR);
  }

  @Test
  void prefersNodesByItsOwnAndOthersWishes() {
    place("cache", "{app: cache}", "{}", "a");
    place("noisy", "{app: noisy}", "{}", "c");
    String wishes =
        """
        affinity:
          podAffinity:
            preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 10
              podAffinityTerm: {topologyKey: host, labelSelector: {matchLabels: {app: cache}}}
          podAntiAffinity:
            preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 10
              podAffinityTerm: {topologyKey: host, labelSelector: {matchLabels: {app: noisy}}}
        """;
    PodView web = pod("web", "{app: web}", wishes);
    assertThat(Ask.scores(plugin, web, cluster, view("a"), view("b"), view("c")))
        .containsExactly(100L, 50L, 0L);
    place("web", "{app: web}", wishes, "b");
    PodView cache = pod("cache-2", "{app: cache}", "{}");
    assertThat(Ask.scores(plugin, cache, cluster, view("a"), view("b")))
        .as("the web pod draws it")
        .containsExactly(0L, 100L);
  }

  @Test
  void isDrawnAfterPodsThatRequireItNear() {
    place("web", "{app: web}", near("host", "app: db"), "b");
    PodView db = pod("db", "{app: db}", "{}");
    assertThat(Ask.scores(plugin, db, cluster, view("a"), view("b"))).containsExactly(0L, 100L);
    assertThat(new InterPodAffinity(0, false).prepareScore(db, cluster, List.of())).isNull();
  }

  @Test
  void isConcernedWithPodsThatItsRulesOrTheirsMean() {
    PodView web = pod("web", "{app: web}", near("zone", "app: db"));
    assertThat(plugin.concerns(web, pod("db", "{app: db}", "{}"), cluster)).isTrue();
    assertThat(plugin.concerns(web, pod("other", "{app: other}", "{}"), cluster)).isFalse();
    assertThat(plugin.concerns(web, pod("h", "{app: h}", far("zone", "app: web")), cluster))
        .isTrue();
  }

  private List<String> reasons(PodView pod, String node) {
    return Ask.reasons(plugin, pod, view(node), cluster);
  }

  private NodeView view(String name) {
    return java.util.Objects.requireNonNull(cluster.node(name));
  }

  private void place(String name, String labels, String spec, String node) {
    cluster.place(pod(name, labels, spec), node);
  }

  private static PodView pod(String name, String labels, String spec) {
    var document = Json.tree(Ask.pod(name, spec));
    document.withObject("metadata").set("labels", Yaml.documents(labels).getFirst());
    return PodView.of(Json.read(document, Pod.class));
  }

  private static PodView elsewhere(String namespace, String spec) {
    var document = Json.tree(Ask.pod("x", spec));
    document.withObject("metadata").put("namespace", namespace);
    return PodView.of(Json.read(document, Pod.class));
  }

  private static Namespace namespace(String name, String labels) {
    return Json.read(
        Yaml.documents("metadata: {name: " + name + ", labels: {" + labels + "}}").getFirst(),
        Namespace.class);
  }

  private static String near(String key, String labels) {
    return term("podAffinity", key, labels, "");
  }

  private static String far(String key, String labels) {
    return term("podAntiAffinity", key, labels, "");
  }

  private static String nearIn(String where) {
    return term("podAffinity", "zone", "app: db", ", " + where);
  }

  private static String term(String kind, String key, String labels, String more) {
    return """
    affinity:
      %s:
        requiredDuringSchedulingIgnoredDuringExecution:
        - {topologyKey: %s, labelSelector: {matchLabels: {%s}}%s}
    """
        .formatted(kind, key, labels, more);
  }
}
