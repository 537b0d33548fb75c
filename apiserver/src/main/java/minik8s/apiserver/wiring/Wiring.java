package minik8s.apiserver.wiring;

import io.micrometer.core.instrument.Gauge;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import minik8s.apiserver.admission.Admission;
import minik8s.apiserver.admission.Strategies;
import minik8s.apiserver.authn.Authenticator;
import minik8s.apiserver.authn.Authenticators;
import minik8s.apiserver.authn.ServiceAccountTokens;
import minik8s.apiserver.authn.TokenRequests;
import minik8s.apiserver.authz.Authorizer;
import minik8s.apiserver.authz.NodeAuthorizer;
import minik8s.apiserver.authz.RbacAuthorizer;
import minik8s.apiserver.authz.Reviews;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.kinds.KindTable;
import minik8s.apiserver.kinds.Lookup;
import minik8s.apiserver.membership.Membership;
import minik8s.apiserver.membership.SharedStore;
import minik8s.apiserver.proxy.KubeletProxy;
import minik8s.apiserver.registry.AddressRange;
import minik8s.apiserver.registry.CacheLookup;
import minik8s.apiserver.registry.CustomResourceLoop;
import minik8s.apiserver.registry.CustomResources;
import minik8s.apiserver.registry.QuotaLedger;
import minik8s.apiserver.registry.Registry;
import minik8s.apiserver.registry.ServiceAddresses;
import minik8s.apiserver.rest.ApiHandler;
import minik8s.apiserver.rest.RestEdge;
import minik8s.apiserver.schema.Decoder;
import minik8s.apiserver.schema.Gvk;
import minik8s.apiserver.schema.OpenApi;
import minik8s.apiserver.schema.Schemas;
import minik8s.apiserver.schema.ServedResource;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.StorePaths;
import minik8s.apiserver.store.etcd.EtcdStore;
import minik8s.apiserver.table.Tables;
import minik8s.apiserver.watchcache.WatchCache;
import minik8s.client.Pem;
import minik8s.daemon.Metrics;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** All parts of the API server and how they hang together; nothing is scanned for or guessed. */
@Configuration(proxyBeanMethods = false)
public class Wiring {

  @Bean
  InstantSource clock() {
    return InstantSource.system();
  }

  @Bean
  StorePaths storePaths(Settings settings) {
    return new StorePaths(settings.etcdPrefix());
  }

  @Bean
  Membership membership(EtcdStore etcd, StorePaths paths, InstantSource clock) {
    return new Membership(etcd.members(), etcd, paths, clock, System::nanoTime);
  }

  @Bean
  WatchCache watchCache(EtcdStore etcd, StorePaths paths, Membership membership, Metrics metrics) {
    WatchCache cache = new WatchCache(etcd, paths, membership);
    Gauge.builder("minik8s_apiserver_alone", cache, each -> each.complete() ? 1 : 0)
        .description(
            "Whether this is the only API server on its etcd, so that reads come from memory.")
        .register(metrics.registry());
    return cache;
  }

  /** What everything but the cache and the membership works on; etcd is closed by its owner. */
  @Bean(destroyMethod = "")
  @Primary
  Store store(EtcdStore etcd, StorePaths paths, WatchCache cache, Membership membership) {
    return new SharedStore(etcd, paths, cache, membership);
  }

  @Bean
  KindTable kindTable() {
    return new KindTable();
  }

  @Bean
  Schemas schemas() {
    return new Schemas();
  }

  @Bean
  Lookup lookup(KindTable kinds, WatchCache cache) {
    return new CacheLookup(kinds, cache);
  }

  @Bean
  CustomResources customResources(KindTable kinds, Schemas schemas, InstantSource clock) {
    return new CustomResources(kinds, schemas, clock);
  }

  @Bean
  Registry registry(
      Store store,
      StorePaths paths,
      WatchCache cache,
      Lookup lookup,
      Schemas schemas,
      KindTable kinds,
      CustomResources customResources,
      Settings settings,
      InstantSource clock) {
    Kind quotas = kinds.find("", "v1", "resourcequotas").orElseThrow();
    ServiceAddresses addresses =
        new ServiceAddresses(store, paths, AddressRange.parse(settings.serviceRange()));
    return Registry.over(
        store,
        paths,
        cache,
        new Strategies(),
        new Admission(lookup, settings.serviceRange()),
        schemas,
        List.of(customResources, addresses, new QuotaLedger(quotas, store, paths, cache)),
        clock);
  }

  @Bean
  CustomResourceLoop customResourceLoop(
      WatchCache cache, KindTable kinds, CustomResources customResources, Registry registry) {
    return new CustomResourceLoop(cache, kinds, customResources, registry);
  }

  /** Null without keys; whoever needs it asks for an Optional. */
  @Bean
  @Nullable ServiceAccountTokens serviceAccountTokens(Settings settings, InstantSource clock) {
    return settings.serviceAccountKeys().isEmpty()
        ? null
        : ServiceAccountTokens.load(
            settings.serviceAccountKeys(),
            settings.serviceAccountSigningKey(),
            settings.issuer(),
            clock);
  }

  @Bean
  Authenticator authenticator(
      Settings settings, Optional<ServiceAccountTokens> tokens, Lookup lookup) {
    return Authenticators.standard(settings.tokenFile(), tokens.orElse(null), lookup);
  }

  @Bean
  RbacAuthorizer authorizer(Lookup lookup) {
    return new RbacAuthorizer(lookup);
  }

  @Bean
  OpenApi openApi(Schemas schemas, KindTable kinds) {
    return new OpenApi(schemas, () -> kinds.all().stream().map(Wiring::served).toList());
  }

  private static ServedResource served(Kind kind) {
    Set<String> subresources =
        kind.subresources().stream().map(each -> each.name()).collect(Collectors.toSet());
    return new ServedResource(
        new Gvk(kind.group(), kind.version(), kind.kind()),
        kind.plural(),
        kind.namespaced(),
        kind.verbs(),
        subresources);
  }

  /** Null without a client certificate for kubelets. */
  @Bean
  @Nullable KubeletProxy kubeletProxy(Settings settings) {
    Settings.KubeletTls tls = settings.kubelet();
    return tls == null
        ? null
        : new KubeletProxy(
            Pem.context(Pem.file(tls.ca()), Pem.file(tls.certificate()), Pem.file(tls.key())));
  }

  @Bean
  ServerState serverState() {
    return new ServerState();
  }

  @Bean
  Loops loops(WatchCache cache, Membership membership, CustomResourceLoop definitions) {
    return new Loops(cache, membership, definitions);
  }

  @Bean
  ApiHandler apiHandler(
      KindTable kinds,
      Schemas schemas,
      OpenApi openApi,
      Registry registry,
      Store store,
      WatchCache cache,
      Lookup lookup,
      Authenticator authenticator,
      RbacAuthorizer roles,
      Optional<ServiceAccountTokens> tokens,
      Optional<KubeletProxy> kubelets,
      Metrics metrics,
      ServerState state,
      InstantSource clock) {
    Authorizer authorizer = Authorizer.anyOf(List.of(new NodeAuthorizer(lookup), roles));
    Map<String, BooleanSupplier> readiness = new LinkedHashMap<>();
    readiness.put("etcd", () -> answers(store));
    readiness.put("informer-sync", cache::loaded);
    readiness.put("poststarthook/initial-objects", state::isReady);
    return new RestEdge(
            kinds,
            schemas,
            new Decoder(schemas),
            openApi,
            new Tables(),
            registry,
            authenticator,
            authorizer,
            new Reviews(authorizer, roles, authenticator),
            tokens.map(known -> new TokenRequests(known, lookup)).orElse(null),
            kubelets.orElse(null),
            metrics,
            readiness,
            BuildVersion.document(),
            state::isStopping,
            clock,
            time -> TimeUnit.MILLISECONDS.sleep(time.toMillis()))
        .handler();
  }

  private static boolean answers(Store store) {
    try {
      return store.revision() > 0;
    } catch (StoreException e) {
      return false;
    }
  }

  @Bean
  SimpleUrlHandlerMapping everything(ApiHandler handler) {
    return new SimpleUrlHandlerMapping(Map.of("/**", handler), 0);
  }

  @Bean
  DispatcherServlet dispatcherServlet() {
    return new DispatcherServlet();
  }

  @Bean
  ServletRegistrationBean<DispatcherServlet> servlet(DispatcherServlet dispatcher) {
    ServletRegistrationBean<DispatcherServlet> registration =
        new ServletRegistrationBean<>(dispatcher, "/");
    registration.setLoadOnStartup(1);
    return registration;
  }

  @Bean
  JettyServletWebServerFactory webServerFactory(Settings settings) {
    return JettyEdge.factory(settings);
  }
}
