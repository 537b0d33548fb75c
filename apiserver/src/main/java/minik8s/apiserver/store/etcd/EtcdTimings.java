package minik8s.apiserver.store.etcd;

import java.time.Duration;

/** Hears how long each call to etcd took. Thread-safe. */
@FunctionalInterface
public interface EtcdTimings {
  /**
   * Tells of one call; operations are get, list, revision, create, update and delete, and for the
   * servers' own keys announce, leaseGrant, leaseKeepAlive and leaseRevoke.
   */
  void took(String operation, Duration duration);
}
