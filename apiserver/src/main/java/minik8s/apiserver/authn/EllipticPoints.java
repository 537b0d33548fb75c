package minik8s.apiserver.authn;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;

/**
 * Derives the public key of an elliptic private key, which a PKCS#8 file may leave out. Stateless;
 * done once per key at start.
 */
final class EllipticPoints {
  private EllipticPoints() {}

  static ECPublicKey publicKey(ECPrivateKey key) throws GeneralSecurityException {
    ECParameterSpec curve = key.getParams();
    ECPoint point = multiply(curve.getGenerator(), key.getS(), curve);
    return (ECPublicKey)
        KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve));
  }

  private static ECPoint multiply(ECPoint generator, BigInteger times, ECParameterSpec curve) {
    BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
    BigInteger a = curve.getCurve().getA();
    ECPoint sum = ECPoint.POINT_INFINITY;
    ECPoint addend = generator;
    for (int bit = 0; bit < times.bitLength(); bit++) {
      if (times.testBit(bit)) {
        sum = add(sum, addend, p, a);
      }
      addend = add(addend, addend, p, a);
    }
    return sum;
  }

  private static ECPoint add(ECPoint one, ECPoint two, BigInteger p, BigInteger a) {
    if (one.equals(ECPoint.POINT_INFINITY)) {
      return two;
    }
    if (two.equals(ECPoint.POINT_INFINITY)) {
      return one;
    }
    BigInteger x1 = one.getAffineX();
    BigInteger y1 = one.getAffineY();
    BigInteger x2 = two.getAffineX();
    BigInteger y2 = two.getAffineY();
    BigInteger slope;
    if (x1.equals(x2)) {
      if (!y1.equals(y2) || y1.signum() == 0) {
        return ECPoint.POINT_INFINITY;
      }
      BigInteger three = BigInteger.valueOf(3);
      slope = x1.pow(2).multiply(three).add(a).multiply(y1.shiftLeft(1).modInverse(p)).mod(p);
    } else {
      slope = y2.subtract(y1).multiply(x2.subtract(x1).modInverse(p)).mod(p);
    }
    BigInteger x = slope.pow(2).subtract(x1).subtract(x2).mod(p);
    BigInteger y = slope.multiply(x1.subtract(x)).subtract(y1).mod(p);
    return new ECPoint(x, y);
  }
}
