// Reads CSRs with the class that keytool reads them with: one base64 DER a line in, one JSON line
// out. Of one CSR in 100 it also has keytool itself print the request, and refuses it if that fails.
//
// The classes are internal to the JDK and have changed their methods; what differs between
// JDK 17 and later ones goes through reflection.

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sun.security.pkcs10.PKCS10;
import sun.security.pkcs10.PKCS10Attribute;
import sun.security.tools.keytool.Main;
import sun.security.util.DerInputStream;
import sun.security.util.DerValue;
import sun.security.x509.AVA;
import sun.security.x509.BasicConstraintsExtension;
import sun.security.x509.CertificateExtensions;
import sun.security.x509.DNSName;
import sun.security.x509.ExtendedKeyUsageExtension;
import sun.security.x509.Extension;
import sun.security.x509.GeneralName;
import sun.security.x509.GeneralNameInterface;
import sun.security.x509.GeneralNames;
import sun.security.x509.IPAddressName;
import sun.security.x509.KeyIdentifier;
import sun.security.x509.KeyUsageExtension;
import sun.security.x509.OIDName;
import sun.security.x509.OtherName;
import sun.security.x509.RDN;
import sun.security.x509.RFC822Name;
import sun.security.x509.SubjectAlternativeNameExtension;
import sun.security.x509.SubjectKeyIdentifierExtension;
import sun.security.x509.URIName;
import sun.security.x509.X500Name;

public class Reader {
  /** keytool itself is run for the first CSR and then for each one after so many. */
  private static final int BETWEEN_SAMPLES = 100;

  private static final HexFormat HEX = HexFormat.of();

  private static final List<String> KEY_USAGES = List.of(
      "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
      "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly");

  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    // keytool -debug writes there.
    System.setOut(System.err);
    long count = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(json(answer(line.strip(), count++ % BETWEEN_SAMPLES == 0)));
      out.flush();
    }
  }

  private static Map<String, Object> answer(String line, boolean sample) {
    try {
      byte[] der = Base64.getDecoder().decode(line);
      Map<String, Object> reading = read(new PKCS10(der));
      if (sample) askKeytool(der);
      return reading;
    } catch (SignatureException fault) {
      Map<String, Object> refusal = refusal(fault);
      refusal.put("signatureValid", false);
      return refusal;
    } catch (Exception | LinkageError fault) {
      return refusal(fault);
    }
  }

  private static Map<String, Object> refusal(Throwable fault) {
    Map<String, Object> refusal = new LinkedHashMap<>();
    refusal.put("accepted", false);
    refusal.put("error", fault.toString());
    return refusal;
  }

  private static Map<String, Object> read(PKCS10 request) throws Exception {
    Map<String, Object> reading = new LinkedHashMap<>();
    reading.put("accepted", true);
    reading.put("signatureValid", true);
    reading.put("subject", name(request.getSubjectName()));
    reading.put("key", key(request.getSubjectPublicKeyInfo()));
    reading.put("signatureAlgorithm", request.getSigAlg());
    reading.put("extensions", List.of());
    for (PKCS10Attribute attribute : request.getAttributes().getAttributes()) {
      attribute(attribute, reading);
    }
    return reading;
  }

  private static List<Object> name(X500Name name) throws IOException {
    List<Object> rdns = new ArrayList<>();
    for (RDN rdn : name.rdns()) {
      List<Object> attributes = new ArrayList<>();
      for (AVA ava : rdn.avas()) attributes.add(attribute(ava));
      rdns.add(attributes);
    }
    return rdns;
  }

  private static Map<String, Object> attribute(AVA ava) throws IOException {
    Map<String, Object> attribute = new LinkedHashMap<>();
    DerValue value = ava.getDerValue();
    attribute.put("type", ava.getObjectIdentifier().toString());
    attribute.put("tag", (int) value.tag);
    String text = value.getAsString();
    if (text != null) attribute.put("value", text);
    else attribute.put("der", HEX.formatHex(value.toByteArray()));
    return attribute;
  }

  private static Map<String, Object> key(PublicKey key) throws Exception {
    Map<String, Object> read = new LinkedHashMap<>();
    read.put("kind", kind(key));
    if (key instanceof RSAPublicKey rsa) read.put("bits", rsa.getModulus().bitLength());
    if (key instanceof DSAPublicKey dsa) read.put("bits", dsa.getParams().getP().bitLength());
    if (key instanceof ECPublicKey ec) {
      read.put("bits", ec.getParams().getCurve().getField().getFieldSize());
      read.put("curve", ec.getParams().toString().split(" ")[0]);
    }
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    read.put("spkiSha256", HEX.formatHex(sum));
    return read;
  }

  private static String kind(PublicKey key) throws Exception {
    if (key instanceof EdECPublicKey edwards) return edwards.getParams().getName();
    if (!key.getAlgorithm().equals("ML-DSA")) return key.getAlgorithm();
    Object parameters = key.getClass().getMethod("getParams").invoke(key);
    return (String) parameters.getClass().getMethod("getName").invoke(parameters);
  }

  private static void attribute(PKCS10Attribute attribute, Map<String, Object> reading)
      throws Exception {
    Object value = attribute.getAttributeValue();
    switch (attribute.getAttributeId().toString()) {
      case "1.2.840.113549.1.9.14" -> extensions((CertificateExtensions) value, reading);
      case "1.2.840.113549.1.9.7" -> reading.put("challengePassword", value);
      case "1.2.840.113549.1.9.2" -> {
        String[] names = (String[]) value;
        if (names.length == 1) reading.put("unstructuredName", names[0]);
        else complain(reading, "unstructuredName has " + names.length + " values");
      }
      default -> { }
    }
  }

  private static void extensions(CertificateExtensions extensions, Map<String, Object> reading)
      throws Exception {
    List<Object> list = new ArrayList<>();
    for (Extension extension : extensions.getAllExtensions()) {
      list.add(extension(extension));
      known(extension, reading);
    }
    for (Extension extension : extensions.getUnparseableExtensions().values()) {
      list.add(extension(extension));
      complain(reading, "cannot parse the extension " + extension.getId());
    }
    reading.put("extensions", list);
  }

  private static Map<String, Object> extension(Extension extension) {
    Map<String, Object> read = new LinkedHashMap<>();
    read.put("oid", extension.getId());
    read.put("critical", extension.isCritical());
    read.put("value", HEX.formatHex(extension.getExtensionValue()));
    return read;
  }

  private static void known(Extension extension, Map<String, Object> reading) throws Exception {
    if (extension instanceof SubjectAlternativeNameExtension names) {
      reading.put("san", alternativeNames(names));
    } else if (extension instanceof KeyUsageExtension usage) {
      reading.put("keyUsage", keyUsage(usage.getBits()));
    } else if (extension instanceof ExtendedKeyUsageExtension usage) {
      reading.put("extendedKeyUsage", usage.getExtendedKeyUsage());
    } else if (extension instanceof BasicConstraintsExtension constraints) {
      reading.put("basicConstraints", basicConstraints(constraints));
    } else if (extension instanceof SubjectKeyIdentifierExtension) {
      KeyIdentifier id = (KeyIdentifier) property(extension, "getKeyIdentifier", "key_id");
      reading.put("subjectKeyIdentifier", HEX.formatHex(id.getIdentifier()));
    } else if (extension.getId().equals("1.3.6.1.5.5.7.1.24")) {
      reading.put("tlsFeature", integers(extension.getExtensionValue()));
    }
  }

  /** A method that JDK 17 has under {@code get(String)} and later ones under a name of its own. */
  private static Object property(Extension extension, String method, String name)
      throws ReflectiveOperationException {
    try {
      return extension.getClass().getMethod(method).invoke(extension);
    } catch (NoSuchMethodException older) {
      return extension.getClass().getMethod("get", String.class).invoke(extension, name);
    }
  }

  private static List<String> keyUsage(boolean[] bits) {
    List<String> usages = new ArrayList<>();
    for (int bit = 0; bit < bits.length && bit < KEY_USAGES.size(); bit++) {
      if (bits[bit]) usages.add(KEY_USAGES.get(bit));
    }
    return usages;
  }

  private static Map<String, Object> basicConstraints(BasicConstraintsExtension extension)
      throws ReflectiveOperationException {
    Map<String, Object> read = new LinkedHashMap<>();
    boolean ca = (Boolean) property(extension, "isCa", "is_ca");
    int length = (Integer) property(extension, "getPathLen", "path_len");
    read.put("ca", ca);
    if (ca && length >= 0 && length < Integer.MAX_VALUE) read.put("pathLength", length);
    return read;
  }

  private static List<BigInteger> integers(byte[] sequence) throws IOException {
    List<BigInteger> read = new ArrayList<>();
    for (DerValue value : new DerInputStream(sequence).getSequence(1)) {
      read.add(value.getBigInteger());
    }
    return read;
  }

  private static Map<String, Object> alternativeNames(SubjectAlternativeNameExtension extension)
      throws Exception {
    List<Object> names = new ArrayList<>();
    GeneralNames generalNames = (GeneralNames) property(extension, "getNames", "subject_name");
    for (GeneralName name : generalNames.names()) names.add(alternativeName(name.getName()));
    Map<String, Object> read = new LinkedHashMap<>();
    read.put("critical", extension.isCritical());
    read.put("names", names);
    return read;
  }

  private static Map<String, Object> alternativeName(GeneralNameInterface name)
      throws IOException {
    if (name instanceof DNSName dns) return typed("dns", dns.getName());
    if (name instanceof RFC822Name email) return typed("email", email.getName());
    if (name instanceof URIName uri) return typed("uri", uri.getName());
    if (name instanceof OIDName oid) return typed("rid", oid.getOID().toString());
    if (name instanceof X500Name directory) return typed("dirName", name(directory));
    if (name instanceof IPAddressName ip) return ipAddress(ip.getBytes());
    if (name instanceof OtherName other) return otherName(other);
    return typed("unknown", name.toString());
  }

  private static Map<String, Object> typed(String type, Object value) {
    Map<String, Object> read = new LinkedHashMap<>();
    read.put("type", type);
    read.put("value", value);
    return read;
  }

  private static Map<String, Object> ipAddress(byte[] octets) {
    if (octets.length == 4) {
      return typed("ip", String.format("%d.%d.%d.%d", octets[0] & 255, octets[1] & 255,
          octets[2] & 255, octets[3] & 255));
    }
    if (octets.length != 16) return typed("unknown", HEX.formatHex(octets));
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < 16; at += 2) {
      if (at > 0) text.append(':');
      text.append(HEX.formatHex(octets, at, at + 2));
    }
    return typed("ip", text.toString());
  }

  private static Map<String, Object> otherName(OtherName name) throws IOException {
    Map<String, Object> read = new LinkedHashMap<>();
    read.put("type", "otherName");
    read.put("oid", name.getOID().toString());
    // JDK 17 gives it with its explicit tag, later ones without.
    DerValue value = new DerValue(name.getNameValue());
    if (value.isContextSpecific((byte) 0)) value = value.getData().getDerValue();
    String text = value.getAsString();
    if (text != null) read.put("value", text);
    read.put("der", HEX.formatHex(value.toByteArray()));
    return read;
  }

  /** {@code keytool -debug -printcertreq}, which throws what it would otherwise exit for. */
  private static void askKeytool(byte[] der) throws Exception {
    String pem = "-----BEGIN CERTIFICATE REQUEST-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END CERTIFICATE REQUEST-----\n";
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setIn(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    var constructor = Main.class.getDeclaredConstructor();
    var run = Main.class.getDeclaredMethod("run", String[].class, PrintStream.class);
    constructor.setAccessible(true);
    run.setAccessible(true);
    try {
      run.invoke(constructor.newInstance(), new String[] {"-debug", "-printcertreq"},
          new PrintStream(printed, true, StandardCharsets.UTF_8));
    } catch (InvocationTargetException fault) {
      throw new IOException("keytool -printcertreq: " + fault.getCause(), fault);
    }
    String subject = new PKCS10(der).getSubjectName().toString();
    if (!printed.toString(StandardCharsets.UTF_8).contains(subject)) {
      throw new IOException("keytool -printcertreq printed another subject: " + printed);
    }
  }

  private static void complain(Map<String, Object> reading, String fault) {
    reading.merge("error", fault, (before, now) -> before + "; " + now);
  }

  private static String json(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      List<String> members = new ArrayList<>();
      map.forEach((key, member) -> members.add(json(key.toString()) + ":" + json(member)));
      out.append('{').append(String.join(",", members)).append('}');
    } else if (value instanceof Collection<?> list) {
      out.append('[').append(String.join(",", list.stream().map(Reader::json).toList()));
      out.append(']');
    } else if (value instanceof String text) {
      writeString(text, out);
    } else {
      out.append(value);
    }
  }

  private static void writeString(String text, StringBuilder out) {
    out.append('"');
    for (char unit : text.toCharArray()) {
      if (unit < ' ' || unit == '"' || unit == '\\' || unit > '~') {
        out.append(String.format("\\u%04x", (int) unit));
      } else {
        out.append(unit);
      }
    }
    out.append('"');
  }
}
