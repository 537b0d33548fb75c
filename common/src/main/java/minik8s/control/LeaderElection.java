package minik8s.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.Lease;
import minik8s.api.MicroTime;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.client.Api;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Holds a Lease so that at most one process of a kind acts. Confined to the thread that calls
 * {@link #step}. A candidate takes a lease that is free, its own, or not renewed for its duration
 * as observed on this process's own clock (so clocks need not agree between machines).
 */
public final class LeaderElection {
  /** How long a lease lives without renewal. */
  public static final Duration LEASE = Duration.ofSeconds(15);

  /** How often a leader renews; candidates look just as often. */
  public static final Duration RETRY = Duration.ofSeconds(2);

  /** A leader that could not renew for this long must stop acting. */
  public static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);

  private final Api api;
  private final ObjectKey key;
  private final String identity;
  private final Timers timers;
  private @Nullable Lease observed;
  private Instant observedAt = Instant.EPOCH;
  private Instant renewedAt = Instant.EPOCH;
  private boolean leading;

  /**
   * @param name of the Lease in kube-system, such as {@code kube-scheduler}
   * @param identity unique to this process
   */
  public LeaderElection(Api api, String name, String identity, Timers timers) {
    this.api = api;
    this.key = new ObjectKey("kube-system", name);
    this.identity = identity;
    this.timers = timers;
  }

  /**
   * Tries once to take or renew the lease; call every {@link #RETRY}.
   *
   * @return whether this process leads
   */
  public boolean step() {
    Instant now = timers.clock().instant();
    try {
      if (takeOrRenew(now)) {
        renewedAt = now;
        if (!leading) {
          LOG.info("{} leads as {}", key.name(), identity);
        }
        leading = true;
      } else {
        leading = false;
      }
    } catch (ApiException e) {
      if (leading && now.isAfter(renewedAt.plus(RENEW_DEADLINE))) {
        LOG.warn("{}: lost the lease, it could not be renewed: {}", key.name(), e.getMessage());
        leading = false;
      }
    }
    return leading;
  }

  private boolean takeOrRenew(Instant now) {
    Lease mine = observed;
    return (leading && mine != null && renewed(mine, now)) || take(now);
  }

  /** Writes on what this process wrote last; false when somebody else has written since. */
  private boolean renewed(Lease mine, Instant now) {
    try {
      write(mine, true, now);
      return true;
    } catch (ApiException e) {
      if (e.conflict() || e.notFound()) {
        return false;
      }
      throw e;
    }
  }

  private boolean take(Instant now) {
    Optional<Lease> found = api.find(Resources.LEASES, key);
    if (found.isEmpty()) {
      ObjectNode body =
          Json.tree(new Lease(ObjectMeta.of("", key.name(), Map.of()), spec(now, now, 0)));
      observe(api.create(Resources.LEASES, key.namespace(), body), now);
      return true;
    }
    Lease lease = found.get();
    Lease known = observed;
    if (known == null
        || !known.metadata().resourceVersion().equals(lease.metadata().resourceVersion())) {
      observe(lease, now);
    }
    String holder = lease.spec().holderIdentity();
    boolean own = holder.equals(identity);
    if (!own && !holder.isEmpty() && observedAt.plus(LEASE).isAfter(now)) {
      return false;
    }
    write(lease, own, now);
    return true;
  }

  private void write(Lease lease, boolean own, Instant now) {
    Lease.Spec old = lease.spec();
    int transitions = old.leaseTransitions() == null ? 0 : old.leaseTransitions();
    MicroTime since = own ? old.acquireTime() : null;
    Lease.Spec spec =
        spec(since == null ? now : since.instant(), now, own ? transitions : transitions + 1);
    observe(api.replace(Resources.LEASES, key, Json.tree(new Lease(lease.metadata(), spec))), now);
  }

  private void observe(Lease lease, Instant now) {
    observed = lease;
    observedAt = now;
  }

  private Lease.Spec spec(Instant acquired, Instant renewed, int transitions) {
    return new Lease.Spec(
        identity,
        Math.toIntExact(LEASE.toSeconds()),
        new MicroTime(acquired),
        new MicroTime(renewed),
        transitions);
  }

  /** Gives the lease up so that another process need not wait for its end. */
  public void release() {
    Lease held = observed;
    if (!leading || held == null) {
      return;
    }
    leading = false;
    try {
      Lease.Spec spec =
          new Lease.Spec(
              "",
              1,
              held.spec().acquireTime(),
              held.spec().renewTime(),
              held.spec().leaseTransitions());
      api.replace(Resources.LEASES, key, Json.tree(new Lease(held.metadata(), spec)));
    } catch (ApiException e) {
      LOG.info("{}: lease not released: {}", key.name(), e.getMessage());
    }
  }
}
