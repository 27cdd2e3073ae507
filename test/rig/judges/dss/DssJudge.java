import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the EU's Digital Signature Service about signed PDF files. Arguments: the trusted root (PEM or DER), then
 * files. Prints one line of JSON for each file: its signatures in their order, or why there is no verdict.
 */
public final class DssJudge {
    public static void main(String[] arguments) throws Exception {
        CertificateToken root = DSSUtils.loadCertificate(new File(arguments[0]));
        byte[] policy = policy();
        for (int index = 1; index < arguments.length; index++) {
            System.out.println(judged(arguments[index], root, policy));
        }
    }

    private static String judged(String file, CertificateToken root, byte[] policy) {
        try {
            DSSDocument document = new FileDocument(file);
            CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
            trusted.addCertificate(root);
            // "true": nothing is fetched from anywhere.
            CommonCertificateVerifier verifier = new CommonCertificateVerifier(true);
            verifier.setTrustedCertSources(trusted);
            SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(document);
            validator.setCertificateVerifier(verifier);
            Reports reports = validator.validateDocument(new ByteArrayInputStream(policy));
            return "{\"file\":" + text(file) + ",\"signatures\":[" + signatures(reports) + "]}";
        } catch (Exception | LinkageError error) {
            return "{\"file\":" + text(file) + ",\"signatures\":[],\"error\":" + text(error.toString()) + "}";
        }
    }

    private static String signatures(Reports reports) {
        SimpleReport simple = reports.getSimpleReport();
        DiagnosticData data = reports.getDiagnosticData();
        List<String> result = new ArrayList<>();
        for (SignatureWrapper signature : data.getSignatures()) {
            String id = signature.getId();
            result.add("{\"field\":" + text(String.join(",", signature.getSignatureFieldNames()))
                + ",\"format\":" + text(String.valueOf(signature.getSignatureFormat()))
                + ",\"intact\":" + signature.isSignatureIntact()
                + ",\"valid\":" + signature.isSignatureValid()
                + ",\"undefinedChanges\":" + !signature.getPdfUndefinedChanges().isEmpty()
                + ",\"indication\":" + text(String.valueOf(simple.getIndication(id)))
                + ",\"subIndication\":" + text(String.valueOf(simple.getSubIndication(id)))
                + ",\"errors\":" + text(simple.getAdESValidationErrors(id).stream()
                    .map(message -> message.getKey() + " " + message.getValue()).toList().toString())
                + "}");
        }
        return String.join(",", result);
    }

    /** The policy of the service itself, less revocation: the test authority publishes none. */
    private static byte[] policy() throws Exception {
        try (InputStream stream = DssJudge.class.getResourceAsStream("/policy/constraint.xml")) {
            String xml = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            for (String name : new String[] {"RevocationDataAvailable", "AcceptableRevocationDataFound"}) {
                xml = xml.replaceAll("<" + name + " Level=\"[A-Z]+\"", "<" + name + " Level=\"IGNORE\"");
            }
            return xml.getBytes(StandardCharsets.UTF_8);
        }
    }

    private static String text(String value) {
        StringBuilder result = new StringBuilder("\"");
        for (char character : value.toCharArray()) {
            if (character == '"' || character == '\\' || character < 0x20 || character > 0x7e) {
                result.append(String.format("\\u%04x", (int) character));
            } else {
                result.append(character);
            }
        }
        return result.append('"').toString();
    }
}
