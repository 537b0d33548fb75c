package minik8s.apiserver.wiring;

import java.nio.file.Path;
import java.util.List;
import minik8s.apiserver.registry.AddressRange;
import minik8s.apiserver.store.etcd.EtcdClients;
import org.jspecify.annotations.Nullable;

/**
 * What the flags say. Immutable.
 *
 * @param etcdServers endpoints of one etcd cluster
 * @param etcdTls null for plain HTTP
 * @param etcdPrefix the prefix of all keys
 * @param bindAddress where to listen
 * @param advertiseAddress where pods reach this server
 * @param port 0 chooses a free one
 * @param certificate what to present
 * @param key its key
 * @param clientCa who signs client certificates; null for none
 * @param serviceAccountKeys public keys of tokens
 * @param serviceAccountSigningKey private key for new tokens, or null
 * @param issuer of tokens
 * @param tokenFile static tokens, or null
 * @param kubelet how to reach kubelets, or null when they are not reached
 * @param serviceRange addresses of services
 */
public record Settings(
    List<String> etcdServers,
    EtcdClients.@Nullable Tls etcdTls,
    String etcdPrefix,
    String bindAddress,
    String advertiseAddress,
    int port,
    Path certificate,
    Path key,
    @Nullable Path clientCa,
    List<Path> serviceAccountKeys,
    @Nullable Path serviceAccountSigningKey,
    String issuer,
    @Nullable Path tokenFile,
    @Nullable KubeletTls kubelet,
    String serviceRange) {

  /** Takes its own copies. */
  public Settings {
    etcdServers = List.copyOf(etcdServers);
    serviceAccountKeys = List.copyOf(serviceAccountKeys);
    var _ = AddressRange.parse(serviceRange);
  }

  /**
   * How the server shows itself to kubelets. Immutable.
   *
   * @param ca who signs the kubelets' certificates
   */
  public record KubeletTls(Path ca, Path certificate, Path key) {}
}
