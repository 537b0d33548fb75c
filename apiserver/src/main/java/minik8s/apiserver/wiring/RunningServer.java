package minik8s.apiserver.wiring;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import minik8s.apiserver.authz.BootstrapPolicy;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.kinds.Lookup;
import minik8s.apiserver.registry.AddressRange;
import minik8s.apiserver.registry.Bootstrap;
import minik8s.apiserver.registry.Registry;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.etcd.EtcdStore;
import minik8s.daemon.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.node.ObjectNode;

/** An API server from its start to its end. Thread-safe. */
public final class RunningServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunningServer.class);

  private final ConfigurableApplicationContext context;
  private final Store store;

  private RunningServer(ConfigurableApplicationContext context, Store store) {
    this.context = context;
    this.store = store;
  }

  /**
   * Starts and returns when requests are served. etcd is connected while Spring loads its classes.
   *
   * @throws IllegalArgumentException with one sentence for the user when it cannot
   */
  public static RunningServer start(Settings settings) {
    Metrics metrics = new Metrics();
    CompletableFuture<EtcdStore> store =
        CompletableFuture.supplyAsync(
            () -> EtcdConnection.open(settings, metrics.registry()),
            task -> Thread.ofPlatform().name("etcd-connect").daemon().start(task));
    try {
      return new RunningServer(context(settings, metrics, store), store.join()).begin(settings);
    } catch (RuntimeException e) {
      var _ = store.thenAccept(Store::close);
      throw sentence(settings, e);
    }
  }

  private static ConfigurableApplicationContext context(
      Settings settings, Metrics metrics, CompletableFuture<EtcdStore> store) {
    SpringApplication application = new SpringApplication(Wiring.class);
    application.setWebApplicationType(WebApplicationType.SERVLET);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setRegisterShutdownHook(false);
    application.setAddCommandLineProperties(false);
    application.addInitializers(started -> {
      GenericApplicationContext beans = (GenericApplicationContext) started;
      beans.registerBean(Settings.class, () -> settings);
      beans.registerBean(Metrics.class, () -> metrics);
      beans.registerBean(EtcdStore.class, store::join);
    });
    return application.run();
  }

  private RunningServer begin(Settings settings) {
    List<ObjectNode> documents = new ArrayList<>(BootstrapPolicy.documents());
    AddressRange range = AddressRange.parse(settings.serviceRange());
    documents.addAll(Bootstrap.priorityClasses());
    documents.addAll(Bootstrap.storageClasses());
    documents.addAll(Bootstrap.apiService(range, settings.advertiseAddress(), port()));
    new Bootstrap(
            context.getBean(KindTable.class),
            context.getBean(Lookup.class),
            context.getBean(Registry.class))
        .run(documents);
    context.getBean(ServerState.class).ready();
    log.info("serving on https://{}:{}", settings.bindAddress(), port());
    return this;
  }

  /** The port that is listened on. */
  public int port() {
    var server = ((ServletWebServerApplicationContext) context).getWebServer();
    return server == null ? 0 : server.getPort();
  }

  private static RuntimeException sentence(Settings settings, RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PortInUseException || cause instanceof java.net.BindException) {
        return new IllegalArgumentException(
            "cannot listen on %s:%d: the port is in use; stop what holds it or choose another with --secure-port"
                .formatted(settings.bindAddress(), settings.port()),
            failure);
      }
      if (cause instanceof IllegalArgumentException mistake) {
        return mistake;
      }
      if (cause instanceof StoreException.Unavailable away) {
        return new IllegalArgumentException(
            "cannot serve what etcd at %s holds: %s"
                .formatted(String.join(",", settings.etcdServers()), away.getMessage()),
            failure);
      }
    }
    return failure;
  }

  @Override
  public void close() {
    context.getBean(ServerState.class).stop();
    context.close();
    store.close();
  }
}
