/**
 * The command line client: finds the verb, parses its flags, turns failures into one line and an
 * exit code.
 *
 * <p>Starting fast matters more here than anywhere. At run time it needs four jars: its own,
 * jackson-core, snakeyaml-engine (for manifests only) and picocli. An ahead-of-time cache wants
 * jars rather than folders on the class path, and is trained well by one real {@code kubectl get
 * pods} over HTTPS with a client certificate, since the handshake is the largest part; {@code apply
 * -f}, {@code get -o yaml} and {@code describe pod} add the rest. Run it with {@code
 * -XX:+UseSerialGC -XX:TieredStopAtLevel=1}.
 */
@NullMarked
package minik8s.kubectl;

import org.jspecify.annotations.NullMarked;
