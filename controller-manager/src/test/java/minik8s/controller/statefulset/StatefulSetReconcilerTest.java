package minik8s.controller.statefulset;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import minik8s.api.ControllerRevision;
import minik8s.api.Failure;
import minik8s.api.OwnerReference;
import minik8s.api.PersistentVolumeClaim;
import minik8s.api.Pod;
import minik8s.api.Resources;
import minik8s.api.StatefulSet;
import minik8s.client.DeleteOptions;
import minik8s.client.informer.Index;
import minik8s.client.informer.Informer;
import minik8s.controller.Workbench;
import minik8s.controller.owner.Owned;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatefulSetReconcilerTest {
  private Workbench bench = new Workbench();

  @BeforeEach
  void wire() {
    wire(bench);
  }

  private void wire(Workbench on) {
    bench = on;
    Index<StatefulSet> byNamespace = Index.byNamespace();
    Index<ControllerRevision> byOwner = Owned.index();
    Informer<StatefulSet> sets = on.informer(Resources.STATEFUL_SETS, byNamespace);
    Informer<PersistentVolumeClaim> claims = on.informer(Resources.PERSISTENT_VOLUME_CLAIMS);
    Informer<ControllerRevision> revisions = on.informer(Resources.CONTROLLER_REVISIONS, byOwner);
    on.run(
        queue -> {
          StatefulSetTriggers.wire(queue, sets, byNamespace, on.pods, claims);
          return new StatefulSetReconciler(
              on.api,
              sets.lister(),
              on.pods.lister(),
              on.podsByOwner,
              claims.lister(),
              revisions.lister(),
              byOwner,
              on.events(),
              on.timers);
        },
        List.of(sets, claims, revisions));
  }

  private StatefulSet create(int replicas, String more) {
    return bench.create(
        Resources.STATEFUL_SETS,
        """
        {'metadata':{'name':'web'},'spec':{'replicas':COUNT,'serviceName':'nginx',
         'selector':{'matchLabels':{'app':'w'}},
         'template':{'metadata':{'labels':{'app':'w'}},
         'spec':{'containers':[{'name':'c','image':'one'}]}}MORE}}
        """
            .replace("COUNT", Integer.toString(replicas))
            .replace("MORE", more));
  }

  private static final String CLAIMS =
      ",'volumeClaimTemplates':[{'metadata':{'name':'www'},'spec':{'resources':{'requests':{'storage':'1Mi'}}}}]";

  private void image(String image) {
    bench.change(
        Resources.STATEFUL_SETS,
        "web",
        "{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'" + image + "'}]}}}}");
  }

  private void scale(int replicas) {
    bench.change(Resources.STATEFUL_SETS, "web", "{'spec':{'replicas':" + replicas + "}}");
  }

  private StatefulSet.Status status() {
    return bench.get(Resources.STATEFUL_SETS, "web").status();
  }

  private List<String> names() {
    return bench.pods().stream().map(pod -> pod.metadata().name()).sorted().toList();
  }

  private Map<String, String> images() {
    Map<String, String> images = new TreeMap<>();
    bench
        .activePods()
        .forEach(pod ->
            images.put(
                pod.metadata().name(), String.valueOf(pod.spec().containers().getFirst().image())));
    return images;
  }

  @Test
  void bringsPodsUpOneAfterTheOtherWithNamesOfTheirOwn() {
    create(3, "");
    bench.settle();
    assertThat(names()).containsExactly("web-0");
    bench.start(bench.pod("web-0"));
    bench.settle();
    assertThat(names()).containsExactly("web-0", "web-1");
    bench.runToRest();
    assertThat(names()).containsExactly("web-0", "web-1", "web-2");
    Pod pod = bench.pod("web-2");
    assertThat(pod.spec().hostname()).isEqualTo("web-2");
    assertThat(pod.spec().subdomain()).isEqualTo("nginx");
    assertThat(pod.metadata().labels())
        .containsEntry("statefulset.kubernetes.io/pod-name", "web-2")
        .containsEntry("apps.kubernetes.io/pod-index", "2");
    StatefulSet.Status status = status();
    assertThat(status.currentRevision()).isEqualTo(status.updateRevision()).startsWith("web-");
    assertThat(List.of(status.replicas(), status.readyReplicas(), status.currentReplicas()))
        .containsExactly(3, 3, 3);
  }

  @Test
  void bringsAllUpAtOnceUnderParallel() {
    create(3, ",'podManagementPolicy':'Parallel','ordinals':{'start':5}");
    bench.settle();
    assertThat(names()).containsExactly("web-5", "web-6", "web-7");
    bench.runToRest();
    scale(0);
    bench.settle();
    assertThat(bench.activePods()).isEmpty();
  }

  @Test
  void takesPodsDownFromTheHighestNumberEachOnlyWhenTheOneBeforeIsGone() {
    create(3, "");
    bench.runToRest();
    scale(1);
    bench.settle();
    assertThat(images().keySet()).containsExactly("web-0", "web-1");
    bench.remove(bench.pod("web-2"));
    bench.settle();
    assertThat(images().keySet()).containsExactly("web-0");
    bench.runToRest();
    assertThat(names()).containsExactly("web-0");
  }

  @Test
  void makesNoSecondPodOfANumberWhileTheOldObjectIsThere() {
    create(2, "");
    bench.runToRest();
    Pod lost = bench.pod("web-1");
    bench.api.delete(Resources.PODS, lost.key(), DeleteOptions.ofUid(lost.uid()));
    bench.ready(lost, false);
    for (int minute = 0; minute < 30; minute++) {
      bench.pass(Duration.ofMinutes(1));
    }
    assertThat(bench.pods()).hasSize(2);
    assertThat(bench.pod("web-1").uid()).isEqualTo(lost.uid());
    bench.remove(lost);
    bench.runToRest();
    assertThat(bench.pod("web-1").uid()).isNotEqualTo(lost.uid());
    assertThat(status().readyReplicas()).isEqualTo(2);
  }

  @Test
  void replacesAPodThatFailedUnderItsOwnName() {
    create(2, "");
    bench.runToRest();
    Pod failed = bench.pod("web-0");
    bench.fail(failed);
    bench.runToRest();
    assertThat(names()).containsExactly("web-0", "web-1");
    assertThat(bench.pod("web-0").uid()).isNotEqualTo(failed.uid());
  }

  @Test
  void rollsOutFromTheHighestNumberAndWaitsForEach() {
    create(3, "");
    bench.runToRest();
    image("two");
    bench.settle();
    assertThat(images()).isEqualTo(Map.of("web-0", "one", "web-1", "one"));
    bench.remove(bench.pod("web-2"));
    bench.settle();
    assertThat(images()).isEqualTo(Map.of("web-0", "one", "web-1", "one", "web-2", "two"));
    assertThat(status().updatedReplicas()).isEqualTo(1);
    assertThat(status().currentRevision()).isNotEqualTo(status().updateRevision());
    bench.runToRest();
    assertThat(images().values()).containsOnly("two");
    assertThat(status().currentRevision()).isEqualTo(status().updateRevision());
    assertThat(status().currentReplicas()).isEqualTo(3);
  }

  @Test
  void letsNumbersBelowThePartitionStayOldAlsoWhenTheyAreMadeAnew() {
    create(3, ",'updateStrategy':{'type':'RollingUpdate','rollingUpdate':{'partition':2}}");
    bench.runToRest();
    image("two");
    bench.runToRest();
    Map<String, String> expected = Map.of("web-0", "one", "web-1", "one", "web-2", "two");
    assertThat(images()).isEqualTo(expected);
    Pod pod = bench.pod("web-0");
    bench.api.delete(Resources.PODS, pod.key(), DeleteOptions.ofUid(pod.uid()));
    bench.runToRest();
    assertThat(images()).isEqualTo(expected);
  }

  @Test
  void recoversFromATemplateThatNeverBecomesReady() {
    create(2, "");
    bench.runToRest();
    image("broken");
    bench.settle();
    bench.remove(bench.pod("web-1"));
    bench.settle();
    image("three");
    bench.runToRest();
    assertThat(images()).isEqualTo(Map.of("web-0", "three", "web-1", "three"));
  }

  @Test
  void disturbsSoManyPodsAtOnceAsMayBeUnavailable() {
    create(
        5,
        ",'podManagementPolicy':'Parallel','updateStrategy':{'type':'RollingUpdate','rollingUpdate':{'maxUnavailable':2}}");
    bench.runToRest();
    image("two");
    bench.settle();
    assertThat(images().keySet()).containsExactly("web-0", "web-1", "web-2");
    bench.runToRest();
    assertThat(images().values()).hasSize(5).containsOnly("two");
  }

  @Test
  void waitsForTheUserUnderOnDelete() {
    create(2, ",'updateStrategy':{'type':'OnDelete'}");
    bench.runToRest();
    image("two");
    bench.runToRest();
    assertThat(images().values()).containsOnly("one");
    Pod pod = bench.pod("web-0");
    bench.api.delete(Resources.PODS, pod.key(), DeleteOptions.ofUid(pod.uid()));
    bench.runToRest();
    assertThat(images()).isEqualTo(Map.of("web-0", "two", "web-1", "one"));
  }

  @Test
  void givesEachNumberItsClaimAndFindsItAgain() {
    create(2, CLAIMS);
    bench.runToRest();
    List<PersistentVolumeClaim> claims = bench.all(Resources.PERSISTENT_VOLUME_CLAIMS);
    assertThat(claims)
        .extracting(claim -> claim.metadata().name())
        .containsExactly("www-web-0", "www-web-1");
    assertThat(claims)
        .allSatisfy(claim -> {
          assertThat(claim.metadata().labels()).containsEntry("app", "w");
          assertThat(claim.metadata().ownerReferences()).isEmpty();
        });
    scale(1);
    bench.runToRest();
    scale(2);
    bench.runToRest();
    assertThat(bench.all(Resources.PERSISTENT_VOLUME_CLAIMS)).isEqualTo(claims);
    assertThat(
            bench
                .api
                .document(Resources.PODS, bench.pod("web-1").key())
                .at("/spec/volumes/0/persistentVolumeClaim/claimName")
                .asString(""))
        .isEqualTo("www-web-1");
  }

  @Test
  void handsClaimsToWhomeverTheyShallGoWith() {
    create(
        2,
        CLAIMS
            + ",'persistentVolumeClaimRetentionPolicy':{'whenDeleted':'Delete','whenScaled':'Delete'}");
    bench.runToRest();
    assertThat(owner("www-web-0")).isEqualTo("StatefulSet/web");
    assertThat(owner("www-web-1")).isEqualTo("StatefulSet/web");
    scale(1);
    bench.settle();
    assertThat(owner("www-web-1")).isEqualTo("Pod/web-1");
    assertThat(owner("www-web-0")).isEqualTo("StatefulSet/web");
  }

  private String owner(String claim) {
    OwnerReference owner =
        bench
            .get(Resources.PERSISTENT_VOLUME_CLAIMS, claim)
            .metadata()
            .ownerReferences()
            .getFirst();
    return owner.kind() + "/" + owner.name();
  }

  @Test
  void waitsOutMinReadySecondsBeforeTheNextNumber() {
    create(2, ",'minReadySeconds':10");
    bench.settle();
    bench.start(bench.pod("web-0"));
    bench.settle();
    assertThat(names()).containsExactly("web-0");
    assertThat(status().readyReplicas()).isEqualTo(1);
    assertThat(status().availableReplicas()).isZero();
    bench.pass(Duration.ofSeconds(11));
    assertThat(names()).containsExactly("web-0", "web-1");
  }

  @Test
  void endsWellWhereverItIsKilled() {
    for (int kill = 1; kill < 12; kill++) {
      wire(new Workbench());
      create(3, CLAIMS);
      bench.runToRest();
      image("two");
      AtomicInteger writes = new AtomicInteger();
      int last = kill;
      bench.api.failWhen(
          _ -> writes.incrementAndGet() > last ? Failure.unavailable("killed") : null);
      try {
        bench.settle();
      } finally {
        bench.api.failWhen(null);
      }
      wire(bench.restart());
      bench.runToRest();
      assertThat(images()).isEqualTo(Map.of("web-0", "two", "web-1", "two", "web-2", "two"));
      assertThat(bench.all(Resources.PERSISTENT_VOLUME_CLAIMS)).hasSize(3);
      assertThat(bench.all(Resources.CONTROLLER_REVISIONS)).hasSize(2);
    }
  }

  @Test
  void writesNothingAtRest() {
    create(2, CLAIMS);
    bench.runToRest();
    bench.api.clearWrites();
    bench.change(Resources.PODS, "web-0", "{'metadata':{'annotations':{'a':'b'}}}");
    bench.runToRest();
    assertThat(bench.api.writes()).hasSize(1);
  }
}
