package minik8s.apiserver.authn;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import minik8s.api.Failure;

/**
 * Users by the client certificate that the TLS layer has verified against the cluster's authority:
 * the common name is the user, organisations are its groups. Thread-safe.
 */
public final class ClientCertificates implements Authenticator {
  @Override
  public Optional<User> authenticate(Credentials credentials) {
    if (credentials.certificates().isEmpty()) {
      return Optional.empty();
    }
    X509Certificate leaf = credentials.certificates().getFirst();
    String name = "";
    List<String> groups = new ArrayList<>();
    for (Rdn part : subject(leaf)) {
      if (part.getType().equalsIgnoreCase("CN")) {
        name = String.valueOf(part.getValue());
      } else if (part.getType().equalsIgnoreCase("O")) {
        groups.add(String.valueOf(part.getValue()));
      }
    }
    if (name.isEmpty()) {
      throw Failure.unauthorized().asException();
    }
    groups.add(User.ALL_AUTHENTICATED);
    return Optional.of(new User(name, "", groups, Map.of()));
  }

  private static List<Rdn> subject(X509Certificate certificate) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
    } catch (InvalidNameException e) {
      throw Failure.unauthorized().asException();
    }
  }
}
