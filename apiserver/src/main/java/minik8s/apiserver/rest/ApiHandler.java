package minik8s.apiserver.rest;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.apiserver.authn.Authenticator;
import minik8s.apiserver.authn.Credentials;
import minik8s.apiserver.authn.User;
import minik8s.apiserver.authz.Attributes;
import minik8s.apiserver.authz.Authorizer;
import minik8s.apiserver.authz.Impersonation;
import minik8s.apiserver.registry.StoreFailures;
import minik8s.apiserver.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.HttpRequestHandler;

/**
 * The door for every request: who asks, may they, what about; and every failure as a Status
 * document.
 *
 * <p>Thread-safe; each request runs on a virtual thread of its own.
 */
public final class ApiHandler implements HttpRequestHandler {
  private static final Logger log = LoggerFactory.getLogger(ApiHandler.class);
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";
  private static final String IMPERSONATE_EXTRA = "Impersonate-Extra-";
  private static final String SOCKET_TOKEN = "base64url.bearer.authorization.k8s.io.";

  private final Authenticator authenticator;
  private final Authorizer authorizer;
  private final HealthRoutes health;
  private final DocumentRoutes documents;
  private final ResourceRoutes resources;
  private final RequestMeters meters;

  ApiHandler(
      Authenticator authenticator,
      Authorizer authorizer,
      HealthRoutes health,
      DocumentRoutes documents,
      ResourceRoutes resources,
      RequestMeters meters) {
    this.authenticator = authenticator;
    this.authorizer = authorizer;
    this.health = health;
    this.documents = documents;
    this.resources = resources;
    this.meters = meters;
  }

  @Override
  public void handleRequest(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    long started = System.nanoTime();
    RequestInfo info = new RequestInfo("", "", "", "", "", "", "", "", List.of());
    AtomicInteger inflight = new AtomicInteger();
    try {
      Query query = new Query(request.getQueryString());
      info = RequestInfo.of(request.getMethod(), request.getRequestURI(), query);
      inflight = meters.begins(info);
      serve(request, response, query, info);
    } catch (ApiException e) {
      Answer.failure(response, e.failure());
    } catch (StoreException e) {
      Answer.failure(response, StoreFailures.translate(e).failure());
    } catch (RuntimeException e) {
      log.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
      Answer.failure(response, Failure.internal("Internal error occurred: " + e.getMessage()));
    } finally {
      meters.ends(info, inflight);
      meters.served(info, response.getStatus(), Duration.ofNanos(System.nanoTime() - started));
    }
  }

  private void serve(
      HttpServletRequest request, HttpServletResponse response, Query query, RequestInfo info)
      throws IOException {
    if (health.serves(info.path())) {
      health.serve(response, info.path(), query);
      return;
    }
    User sender =
        authenticator
            .authenticate(credentials(request))
            .orElseThrow(() -> Failure.unauthorized().asException());
    User user = impersonation(request).apply(sender, authorizer);
    authorize(user, info);
    Exchange exchange = new Exchange(request, response, query, info, user);
    if (info.isResource()) {
      resources.serve(exchange);
    } else {
      documents.serve(exchange);
    }
  }

  private static Impersonation impersonation(HttpServletRequest request) {
    String user = request.getHeader("Impersonate-User");
    String uid = request.getHeader("Impersonate-Uid");
    List<String> groups = Collections.list(request.getHeaders("Impersonate-Group"));
    Map<String, List<String>> extra = new HashMap<>();
    for (String name : Collections.list(request.getHeaderNames())) {
      if (name.regionMatches(true, 0, IMPERSONATE_EXTRA, 0, IMPERSONATE_EXTRA.length())) {
        String key = name.substring(IMPERSONATE_EXTRA.length()).toLowerCase(Locale.ROOT);
        extra.put(key, Collections.list(request.getHeaders(name)));
      }
    }
    return new Impersonation(user == null ? "" : user, uid == null ? "" : uid, groups, extra);
  }

  private void authorize(User user, RequestInfo info) {
    Attributes attributes =
        info.isResource()
            ? Attributes.resource(
                user,
                info.verb(),
                info.group(),
                info.resource(),
                info.subresource(),
                info.namespace(),
                info.name())
            : Attributes.path(user, info.verb(), info.path());
    if (!authorizer.authorize(attributes).allowed()) {
      throw Failure.forbidden(info.group(), info.resource(), info.name(), attributes.refusal())
          .asException();
    }
  }

  private static Credentials credentials(HttpServletRequest request) {
    List<X509Certificate> chain =
        request.getAttribute(CERTIFICATES) instanceof X509Certificate[] certificates
            ? List.of(certificates)
            : List.of();
    String header = request.getHeader("Authorization");
    String token = header == null ? socketToken(request) : null;
    return token == null ? Credentials.of(chain, header) : new Credentials(chain, token);
  }

  /**
   * The token that browsers carry among the WebSocket protocols, because they can set no header.
   */
  private static @Nullable String socketToken(HttpServletRequest request) {
    for (String line : Collections.list(request.getHeaders("Sec-WebSocket-Protocol"))) {
      for (String protocol : line.split(",")) {
        String name = protocol.strip();
        if (name.toLowerCase(Locale.ROOT).startsWith(SOCKET_TOKEN)) {
          byte[] token = Base64.getUrlDecoder().decode(name.substring(SOCKET_TOKEN.length()));
          return new String(token, java.nio.charset.StandardCharsets.UTF_8);
        }
      }
    }
    return null;
  }
}
