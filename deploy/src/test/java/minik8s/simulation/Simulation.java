package minik8s.simulation;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import minik8s.api.Condition;
import minik8s.api.Node;
import minik8s.api.ObjectKey;
import minik8s.api.Resource;
import minik8s.api.Resources;
import minik8s.client.informer.Informer;
import minik8s.kubelet.runtime.FakeRuntime;
import minik8s.kubelet.runtime.ObservedContainer;
import minik8s.simulation.FaultyApi.Fate;
import minik8s.testing.ManualTimers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One run of the cluster under one seed: what happens next is drawn, checked, and drawn again; then
 * the trouble ends and the cluster must come to rest. The same seed gives the same run.
 */
final class Simulation implements AutoCloseable {
  static final int SURGE = 1;
  private static final int STEPS = 240;
  private static final int NODES = 3;
  private static final Duration BEAT = Duration.ofSeconds(10);
  private static final Duration LIMIT = Duration.ofMinutes(25);

  private final Random random;
  private final ManualTimers clock = new ManualTimers();
  private final SimulatedServer server;
  private final RegistryApi api;
  private final Map<String, FakeRuntime> runtimes = new LinkedHashMap<>();
  private final Map<String, SimulatedProcess> nodes = new LinkedHashMap<>();
  private final Map<String, Instant> beaten = new LinkedHashMap<>();
  private final Map<String, Instant> frozenUntil = new LinkedHashMap<>();
  private final List<SimulatedProcess> processes = new ArrayList<>();
  private final SimulatedProcess manager;
  private final Users users;
  private final Invariants invariants;
  private final List<String> story = new ArrayList<>();

  Simulation(long seed, Bug bug, Path root) {
    random = new Random(seed);
    server = new SimulatedServer(clock.clock(), random);
    api = new RegistryApi(server);
    invariants = new Invariants(api, runtimes);
    users = new Users(api, random);
    users.settleIn();
    for (int i = 1; i <= NODES; i++) {
      users.addNode("n" + i);
    }
    boolean loses = bug == Bug.LOSES_DELETIONS;
    manager = process("manager", loses, (way, timers) -> Parts.manager(way, timers, bug, api));
    process("scheduler", false, Parts::scheduler);
    for (int i = 1; i <= NODES; i++) {
      addKubelet("n" + i, bug, root.resolve("n" + i));
    }
  }

  private void addKubelet(String node, Bug bug, Path root) {
    FakeRuntime runtime =
        new FakeRuntime(
            clock.clock(),
            "pause",
            "app:1",
            "app:2",
            "app:3",
            "agent:1",
            "agent:2",
            "db:1",
            "db:2",
            "job:1");
    boolean forgetful = bug == Bug.ACTS_TWICE_AFTER_A_CRASH;
    runtime.ignoreNames(forgetful);
    runtimes.put(node, runtime);
    beaten.put(node, Instant.EPOCH);
    nodes.put(
        node,
        process(
            node,
            false,
            (way, timers) -> Parts.node(way, timers, runtime, node, root, !forgetful)));
  }

  private SimulatedProcess process(
      String name,
      boolean losesDeletions,
      java.util.function.BiFunction<minik8s.client.Api, minik8s.control.Timers, Part> start) {
    SimulatedProcess made =
        new SimulatedProcess(name, server, api, clock, this::writes, losesDeletions, start);
    processes.add(made);
    return made;
  }

  /** Every status of a controlled object is held against what its writer can have seen. */
  private void writes(
      Resource<?> resource, ObjectKey key, String subresource, @Nullable Object body, long told) {
    if (!subresource.equals("status")
        || resource.plural().equals("pods")
        || !(body instanceof JsonNode document)
        || !document.path("status").has("observedGeneration")) {
      return;
    }
    long seen = told;
    for (Informer<?> informer : manager.part().informers()) {
      if (informer.resource().plural().equals(resource.plural())) {
        seen =
            Math.max(
                seen, informer.lister().get(key).map(o -> o.metadata().generation()).orElse(0L));
      }
    }
    Invariants.claimed(key, document.at("/status/observedGeneration").asLong(0), seen);
  }

  /** Runs to rest. */
  void run() throws InterruptedException {
    invariants.check();
    for (int step = 0; step < STEPS; step++) {
      step();
      invariants.check();
    }
    settle();
  }

  /** What was done, in order. */
  List<String> story() {
    return story;
  }

  private void tell(String what) {
    story.add(clock.clock().instant() + " " + what);
  }

  private void step() throws InterruptedException {
    int draw = random.nextInt(200);
    if (draw < 90) {
      any().deliver(random, 1 + random.nextInt(8));
    } else if (draw < 158) {
      work();
    } else if (draw < 172) {
      advance(Duration.ofMillis(random.nextInt(4000)));
    } else if (draw < 184) {
      tell("user: " + users.act());
    } else if (draw < 190) {
      trouble();
    } else if (draw < 193) {
      SimulatedProcess victim = any();
      tell("kill " + victim.name());
      victim.kill();
    } else if (draw < 195) {
      any().relist(random);
    } else if (draw < 196) {
      crashContainer();
    } else if (draw < 197) {
      endJobs(random.nextInt(4) == 0 ? 1 : 0);
    } else if (draw < 199) {
      freeze();
    } else {
      Duration jump = Duration.ofSeconds(random.nextInt(400));
      tell("clock jumps " + jump);
      advance(jump);
    }
  }

  private SimulatedProcess any() {
    return processes.get(random.nextInt(processes.size()));
  }

  private void work() throws InterruptedException {
    SimulatedProcess one = any();
    if (!frozen(one.name()) && one.work(random)) {
      tell(one.name() + " works");
    }
  }

  private void trouble() {
    Fate[] fates = {Fate.REFUSED, Fate.ANSWER_LOST, Fate.KILLED_BEFORE, Fate.KILLED_AFTER};
    SimulatedProcess one = any();
    Fate fate = fates[random.nextInt(fates.length)];
    tell(one.name() + " will meet " + fate);
    one.arm(fate, random.nextInt(4), 1 + random.nextInt(20));
  }

  private void crashContainer() {
    List<FakeRuntime> all = List.copyOf(runtimes.values());
    FakeRuntime runtime = all.get(random.nextInt(all.size()));
    List<ObservedContainer> running =
        runtime.all().stream().filter(ObservedContainer::running).toList();
    if (!running.isEmpty()) {
      ObservedContainer one = running.get(random.nextInt(running.size()));
      tell("container " + one.name() + " of " + one.pod() + " dies");
      runtime.signal(one.id(), "KILL");
    }
  }

  /** Containers of jobs come to their end. */
  private void endJobs(int code) {
    for (FakeRuntime runtime : runtimes.values()) {
      for (ObservedContainer one : runtime.all()) {
        if (one.running() && one.imageId().endsWith("job:1")) {
          tell("container " + one.name() + " of " + one.pod() + " ends with " + code);
          runtime.end(one.id(), code);
        }
      }
    }
  }

  private void freeze() {
    String node = "n" + (1 + random.nextInt(NODES));
    Duration length = Duration.ofSeconds(random.nextInt(500));
    tell(node + " is cut off for " + length);
    frozenUntil.put(node, clock.clock().instant().plus(length));
  }

  private boolean frozen(String process) {
    Instant until = frozenUntil.get(process);
    return until != null && clock.clock().instant().isBefore(until);
  }

  /** Time passes; nodes that can say so say that they are alive. */
  private void advance(Duration by) {
    Instant end = clock.clock().instant().plus(by);
    while (clock.clock().instant().isBefore(end)) {
      Duration left = Duration.between(clock.clock().instant(), end);
      clock.advance(left.compareTo(BEAT) < 0 ? left : BEAT);
      nodes.forEach(this::beat);
    }
  }

  private void beat(String name, SimulatedProcess node) {
    Instant now = clock.clock().instant();
    if (frozen(name) || Duration.between(beaten.get(name), now).compareTo(BEAT) < 0) {
      return;
    }
    beaten.put(name, now);
    node.within(() -> {
      ((Parts.NodePart) node.part()).node().beat();
      Node known = api.get(Resources.NODES, ObjectKey.cluster(name));
      if (!Condition.isTrue(known.status().conditions(), "Ready")) {
        users.sayReady(name, now);
      }
    });
  }

  /** The trouble is over: everything is told and done, and time passes, until all is at rest. */
  private void settle() throws InterruptedException {
    tell("the trouble is over");
    frozenUntil.clear();
    processes.forEach(process -> process.arm(Fate.DONE, 0, 0));
    Instant end = clock.clock().instant().plus(LIMIT);
    while (true) {
      finishWork();
      invariants.check();
      String unrest = invariants.unrest();
      if (unrest.isEmpty()) {
        return;
      }
      if (clock.clock().instant().isAfter(end)) {
        throw new Invariants.Violation("never comes to rest: " + unrest);
      }
      advance(BEAT);
      endJobs(0);
    }
  }

  private void finishWork() throws InterruptedException {
    for (int round = 0; round < 3000; round++) {
      boolean busy = false;
      for (SimulatedProcess process : processes) {
        busy |= process.catchUp();
        busy |= process.work(random);
      }
      if (!busy) {
        return;
      }
    }
    throw new Invariants.Violation("works for ever without time passing");
  }

  @Override
  public void close() {
    processes.forEach(SimulatedProcess::end);
  }
}
