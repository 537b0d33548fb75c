package minik8s.apiserver.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import minik8s.api.Failure;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.StorePaths;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Cluster addresses and node ports of services.
 *
 * <p>Thread-safe, also between servers: each address or port is claimed by creating a key of its
 * own that names its service, so no two services can hold one. A claim whose service is gone or
 * uses another address is taken over.
 */
public final class ServiceAddresses implements KindHook {
  private static final int FIRST_PORT = 30_000;
  private static final int LAST_PORT = 32_767;
  private static final int ATTEMPTS = 64;

  private final Store store;
  private final StorePaths paths;
  private final AddressRange range;

  /** Hands out addresses of {@code range}. */
  public ServiceAddresses(Store store, StorePaths paths, AddressRange range) {
    this.store = store;
    this.paths = paths;
    this.range = range;
  }

  @Override
  public void beforeCreate(Kind kind, ObjectNode service) {
    if (isService(kind)) {
      assign(service, null);
    }
  }

  @Override
  public void beforeUpdate(Kind kind, ObjectNode service, ObjectNode old) {
    if (isService(kind)) {
      assign(service, old);
    }
  }

  /** Fills in what is missing with free values; they are claimed later. */
  private void assign(ObjectNode service, @Nullable ObjectNode old) {
    ObjectNode spec = service.withObject("/spec");
    String type = spec.path("type").asString("ClusterIP");
    if (type.equals("ExternalName")) {
      return;
    }
    String address = spec.path("clusterIP").asString("");
    if (address.isEmpty() && old != null) {
      address = old.path("spec").path("clusterIP").asString("");
    }
    if (address.isEmpty()) {
      address = free("ips", this::randomAddress);
    }
    spec.put("clusterIP", address);
    spec.putArray("clusterIPs").add(address);
    if (type.equals("NodePort") || type.equals("LoadBalancer")) {
      assignPorts(spec, old);
    }
  }

  private void assignPorts(ObjectNode spec, @Nullable ObjectNode old) {
    Set<Integer> taken = new LinkedHashSet<>();
    spec.path("ports").forEach(port -> taken.add(port.path("nodePort").asInt(0)));
    for (JsonNode each : spec.path("ports")) {
      if (each instanceof ObjectNode port && port.path("nodePort").asInt(0) == 0) {
        int kept = old == null ? 0 : samePort(old, port);
        if (kept != 0 && taken.add(kept)) {
          port.put("nodePort", kept);
          continue;
        }
        int chosen;
        do {
          chosen = Integer.parseInt(free("ports", ServiceAddresses::randomPort));
        } while (!taken.add(chosen));
        port.put("nodePort", chosen);
      }
    }
  }

  private static int samePort(ObjectNode old, ObjectNode port) {
    for (JsonNode known : old.path("spec").path("ports")) {
      boolean same =
          known.path("port").asInt(0) == port.path("port").asInt(0)
              && known
                  .path("protocol")
                  .asString("TCP")
                  .equals(port.path("protocol").asString("TCP"));
      if (same) {
        return known.path("nodePort").asInt(0);
      }
    }
    return 0;
  }

  private String free(String what, java.util.function.Supplier<String> choice) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String value = choice.get();
      if (store.get(claimKey(what, value)) == null) {
        return value;
      }
    }
    throw Failure.internal("failed to allocate a service address: range is full").asException();
  }

  private String randomAddress() {
    return range.random(ThreadLocalRandom.current());
  }

  private static String randomPort() {
    return Integer.toString(ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT + 1));
  }

  @Override
  public void reserve(Kind kind, ObjectNode service) {
    if (!isService(kind)) {
      return;
    }
    String owner = Documents.text(service, "namespace") + "/" + Documents.name(service);
    for (Claim claim : claims(service)) {
      if (!claim(claim, owner)) {
        throw refused(service, claim);
      }
    }
  }

  /**
   * Whether the claim is ours now: new, ours already, or taken over from a service that does not
   * use it.
   */
  private boolean claim(Claim claim, String owner) {
    String key = claimKey(claim.what(), claim.value());
    byte[] text = owner.getBytes(UTF_8);
    try {
      var _ = store.create(key, text);
      return true;
    } catch (StoreException.Exists e) {
      Entry held = store.get(key);
      if (held == null) {
        return claim(claim, owner);
      }
      String holder = new String(held.value(), UTF_8);
      if (holder.equals(owner)) {
        return true;
      }
      if (uses(holder, claim)) {
        return false;
      }
      try {
        var _ = store.replace(held, text);
        return true;
      } catch (StoreException.Changed lost) {
        return false;
      }
    }
  }

  private boolean uses(String holder, Claim claim) {
    Entry service = store.get(paths.prefix(StorePaths.folder("", "services", false), "") + holder);
    return service != null
        && claims(Documents.decode(service.value())).stream()
            .anyMatch(
                each -> each.what().equals(claim.what()) && each.value().equals(claim.value()));
  }

  @Override
  public void afterDelete(Kind kind, ObjectNode service) {
    if (!isService(kind)) {
      return;
    }
    String owner = Documents.text(service, "namespace") + "/" + Documents.name(service);
    for (Claim claim : claims(service)) {
      Entry held = store.get(claimKey(claim.what(), claim.value()));
      if (held != null && new String(held.value(), UTF_8).equals(owner)) {
        try {
          store.delete(held);
        } catch (StoreException.Changed e) {
          // Somebody took it over meanwhile, which is what we wanted.
        }
      }
    }
  }

  private record Claim(String what, String value, String field) {}

  private List<Claim> claims(ObjectNode service) {
    List<Claim> claims = new ArrayList<>();
    JsonNode spec = service.path("spec");
    String address = spec.path("clusterIP").asString("");
    if (range.contains(address)) {
      claims.add(new Claim("ips", address, "spec.clusterIPs"));
    }
    int index = 0;
    for (JsonNode port : spec.path("ports")) {
      int nodePort = port.path("nodePort").asInt(0);
      if (nodePort != 0) {
        claims.add(
            new Claim("ports", Integer.toString(nodePort), "spec.ports[" + index + "].nodePort"));
      }
      index++;
    }
    return claims;
  }

  private static RuntimeException refused(ObjectNode service, Claim claim) {
    String message =
        claim.what().equals("ips")
            ? "Invalid value: [\"%s\"]: failed to allocate IP %s: provided IP is already allocated"
                .formatted(claim.value(), claim.value())
            : "Invalid value: " + claim.value() + ": provided port is already allocated";
    Failure.Cause cause = new Failure.Cause("FieldValueInvalid", message, claim.field());
    return Failure.invalid("", "Service", Documents.name(service), List.of(cause)).asException();
  }

  private String claimKey(String what, String value) {
    return paths.key(StorePaths.CLAIMS, "service" + what, value);
  }

  private static boolean isService(Kind kind) {
    return kind.group().isEmpty() && kind.kind().equals("Service");
  }
}
