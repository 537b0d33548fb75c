package minik8s.kubectl.client;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import minik8s.client.AnyCertificate;
import minik8s.client.Ciphers;
import org.jspecify.annotations.Nullable;

/** Wraps connected sockets in TLS with an endpoint's certificates. Confined to one thread. */
final class Tls {
  private final Endpoint endpoint;
  private final SSLContext context;

  Tls(Endpoint endpoint) {
    this.endpoint = endpoint;
    try {
      context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), null);
    } catch (GeneralSecurityException | IOException e) {
      throw KubectlException.error("tls: " + e.getMessage());
    }
  }

  /** Does the handshake; only X25519 is offered at first, since making more key shares is slow. */
  SSLSocket wrap(Socket plain, boolean quick) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, endpoint.host(), endpoint.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setCipherSuites(Ciphers.lightFirst(context));
    if (!endpoint.insecure()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      if (!endpoint.serverName().isEmpty()) {
        parameters.setServerNames(List.of(new javax.net.ssl.SNIHostName(endpoint.serverName())));
      }
    }
    if (quick) {
      parameters.setNamedGroups(new String[] {"x25519"});
    }
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private KeyManager @Nullable [] keys() throws GeneralSecurityException {
    String certificate = endpoint.certificate();
    String key = endpoint.key();
    if (certificate.isEmpty() || key.isEmpty()) {
      return null;
    }
    X509Certificate[] chain = Pem.certificates(certificate).toArray(new X509Certificate[0]);
    return new KeyManager[] {new OneKey(Pem.privateKey(key), chain)};
  }

  private TrustManager @Nullable [] trust() throws GeneralSecurityException, IOException {
    if (endpoint.insecure()) {
      return new TrustManager[] {new AnyCertificate()};
    }
    String authority = endpoint.authority();
    if (authority.isEmpty()) {
      return null;
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int i = 0;
    for (X509Certificate certificate : Pem.certificates(authority)) {
      store.setCertificateEntry("ca" + i++, certificate);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Offers the same key to every server. */
  private static final class OneKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";
    private final PrivateKey key;
    private final X509Certificate[] chain;

    OneKey(PrivateKey key, X509Certificate[] chain) {
      this.key = key;
      this.chain = chain;
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      for (String type : types) {
        if (type.equals(key.getAlgorithm())) {
          return ALIAS;
        }
      }
      return null;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return chooseClientAlias(types, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain.clone();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
  }
}
