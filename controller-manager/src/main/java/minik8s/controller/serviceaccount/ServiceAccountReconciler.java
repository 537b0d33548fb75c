package minik8s.controller.serviceaccount;

import java.util.Map;
import java.util.Optional;
import minik8s.api.ApiException;
import minik8s.api.Namespace;
import minik8s.api.ObjectKey;
import minik8s.api.ObjectMeta;
import minik8s.api.Resources;
import minik8s.api.ServiceAccount;
import minik8s.client.Api;
import minik8s.client.informer.Informer;
import minik8s.client.informer.Lister;
import minik8s.control.Reconciler;
import minik8s.control.WorkQueue;

/** Makes the service account {@code default} where a namespace lacks it. Thread-safe. */
public final class ServiceAccountReconciler implements Reconciler {
  /** The account that pods run under unless they name another. */
  public static final String DEFAULT = "default";

  private final Api api;
  private final Lister<Namespace> namespaces;
  private final Lister<ServiceAccount> accounts;

  public ServiceAccountReconciler(
      Api api, Lister<Namespace> namespaces, Lister<ServiceAccount> accounts) {
    this.api = api;
    this.namespaces = namespaces;
    this.accounts = accounts;
  }

  /** Registers what wakes it: a namespace, or an account of that name that goes. */
  public static void wire(
      WorkQueue<ObjectKey> queue,
      Informer<Namespace> namespaces,
      Informer<ServiceAccount> accounts) {
    namespaces.onChange((_, now) -> {
      if (now != null) {
        queue.add(now.key());
      }
    });
    accounts.onChange((old, now) -> {
      if (now == null && old != null && old.metadata().name().equals(DEFAULT)) {
        queue.add(ObjectKey.cluster(old.metadata().namespace()));
      }
    });
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<Namespace> namespace = namespaces.get(key);
    ObjectKey account = new ObjectKey(key.name(), DEFAULT);
    if (namespace.isEmpty()
        || namespace.get().metadata().deleting()
        || accounts.get(account).isPresent()) {
      return Result.DONE;
    }
    try {
      api.create(
          Resources.SERVICE_ACCOUNTS,
          key.name(),
          new ServiceAccount(ObjectMeta.of(key.name(), DEFAULT, Map.of()), null));
    } catch (ApiException e) {
      if (!e.alreadyExists()) {
        throw e;
      }
    }
    return Result.DONE;
  }
}
