package minik8s.apiserver.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.api.Quantity;
import minik8s.apiserver.admission.QuotaCharge;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.watchcache.CachedObject;
import minik8s.apiserver.watchcache.WatchCache;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Charges writes to the quotas of their namespace and refuses those that would exceed one.
 *
 * <p>Thread-safe, also between servers: each charge is a compare-and-swap of the quota's status
 * before the object is stored, so two writes can never take the same last piece. What a write gives
 * back is taken off after it was stored. A server that is killed in between leaves too much on the
 * quota, never too little; the quota controller counts again.
 */
public final class QuotaLedger implements KindHook {
  private static final Logger log = LoggerFactory.getLogger(QuotaLedger.class);
  private static final int ATTEMPTS = 16;
  private static final int STRIPES = 64;

  private final Kind quotas;
  private final WatchCache cache;
  private final Objects objects;

  /** Writers of one server queue here instead of racing each other in the store. */
  private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

  /**
   * @param quotas the kind ResourceQuota
   */
  public QuotaLedger(Kind quotas, Store store, StorePaths paths, WatchCache cache) {
    this.quotas = quotas;
    this.cache = cache;
    this.objects = new Objects(store, paths, cache);
    for (int i = 0; i < STRIPES; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  @Override
  public void charge(Kind kind, @Nullable ObjectNode old, ObjectNode document, boolean dryRun) {
    List<ObjectNode> known = quotas(kind, document);
    if (known.isEmpty()) {
      return;
    }
    List<ObjectNode> charged = new ArrayList<>();
    try {
      for (ObjectNode quota : known) {
        if (old == null) {
          refuse(kind, document, QuotaCharge.missing(kind, quota, document));
        }
        if (!QuotaCharge.difference(kind, quota, document, old).isEmpty()) {
          change(quota, dryRun, present -> added(kind, present, document, old));
          charged.add(quota);
        }
      }
    } catch (ApiException e) {
      if (!dryRun) {
        charged.forEach(quota -> takeOff(kind, quota, document, old));
      }
      throw e;
    }
  }

  @Override
  public void refund(Kind kind, ObjectNode more, @Nullable ObjectNode less) {
    quotas(kind, more).forEach(quota -> takeOff(kind, quota, more, less));
  }

  @Override
  public void afterDelete(Kind kind, ObjectNode document) {
    refund(kind, document, null);
  }

  /** The quotas of the object's namespace as the cache shows them; none for most namespaces. */
  private List<ObjectNode> quotas(Kind kind, ObjectNode document) {
    String namespace = Documents.text(document, "namespace");
    if (!kind.namespaced() || namespace.isEmpty() || kind.plural().equals("events")) {
      return List.of();
    }
    List<CachedObject> found = cache.resource(Folders.of(quotas)).snapshot(namespace).objects();
    return found.isEmpty() ? List.of() : found.stream().map(CachedObject::tree).toList();
  }

  private static @Nullable ObjectNode added(
      Kind kind, ObjectNode quota, ObjectNode document, @Nullable ObjectNode old) {
    Map<String, Quantity> amounts = QuotaCharge.difference(kind, quota, document, old);
    if (amounts.isEmpty()) {
      return null;
    }
    refuse(kind, document, QuotaCharge.add(quota, amounts));
    return quota;
  }

  /** Failing to take something off is no failure of the write that is done already. */
  private void takeOff(Kind kind, ObjectNode quota, ObjectNode more, @Nullable ObjectNode less) {
    if (QuotaCharge.difference(kind, quota, more, less).isEmpty()) {
      return;
    }
    try {
      change(
          quota,
          false,
          present -> {
            QuotaCharge.subtract(present, QuotaCharge.difference(kind, present, more, less));
            return present;
          });
    } catch (ApiException e) {
      if (!e.notFound()) {
        log.warn("quota {} counts too much for now: {}", Documents.name(quota), e.getMessage());
      }
    }
  }

  /** Changes the present quota, however often others change it meanwhile; null changes nothing. */
  private void change(
      ObjectNode quota, boolean dryRun, Function<ObjectNode, @Nullable ObjectNode> step) {
    Target target = new Target(quotas, Documents.text(quota, "namespace"), Documents.name(quota));
    ReentrantLock lock = locks[Math.floorMod(target.hashCode(), STRIPES)];
    lock.lock();
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          var _ =
              objects.change(
                  target,
                  true,
                  (seen, _) -> {
                    ObjectNode present = Documents.decode(seen.value());
                    ObjectNode wished = step.apply(present);
                    if (wished == null || dryRun) {
                      return new Written(present, null, false, List.of());
                    }
                    CachedObject stored = objects.replaceCounter(seen, Documents.encode(wished));
                    return new Written(wished, stored, false, List.of());
                  });
          return;
        } catch (ApiException e) {
          if (!e.conflict() || attempt == ATTEMPTS) {
            throw e;
          }
        }
      }
    } catch (StoreException e) {
      throw StoreFailures.translate(e);
    } finally {
      lock.unlock();
    }
  }

  private static void refuse(Kind kind, ObjectNode document, String why) {
    if (!why.isEmpty()) {
      String name = Documents.name(document);
      throw Failure.forbidden(
              kind.group(),
              kind.plural(),
              name,
              kind.qualifiedPlural() + " \"" + name + "\" is forbidden: " + why)
          .asException();
    }
  }
}
