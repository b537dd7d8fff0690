// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.gateway.wire.FrontendMessage.BoundParameter;
import dev.sluice.gateway.wire.FrontendMessage.Kind;
import dev.sluice.gateway.wire.testing.WireScript;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncoderTest {
    @Test
    void writesTheMessagesOfABackend() {
        assertThat(backend(BackendEncoder.authenticationOk())).isEqualTo("B AuthenticationOk");
        assertThat(backend(BackendEncoder.authenticationCleartextPassword())).isEqualTo("B AuthenticationCleartextPassword");
        assertThat(backend(BackendEncoder.authenticationSasl(List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"))))
                .isEqualTo("B AuthenticationSASL \"SCRAM-SHA-256-PLUS\" \"SCRAM-SHA-256\"");
        assertThat(backend(BackendEncoder.authenticationSaslContinue(Buffer.buffer("r=x"))))
                .isEqualTo("B AuthenticationSASLContinue 'r=x'");
        assertThat(backend(BackendEncoder.authenticationSaslFinal(Buffer.buffer("v=y")))).isEqualTo("B AuthenticationSASLFinal 'v=y'");
        assertThat(backend(BackendEncoder.parameterStatus("TimeZone", "UTC"))).isEqualTo("B ParameterStatus \"TimeZone\" \"UTC\"");
        assertThat(backend(BackendEncoder.backendKeyData(7, "abcd".getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo("B BackendKeyData 7 'abcd'");
        assertThat(backend(BackendEncoder.negotiateProtocolVersion(2, List.of("_pq_.x"))))
                .isEqualTo("B NegotiateProtocolVersion 196610 1 \"_pq_.x\"");
        assertThat(backend(BackendEncoder.readyForQuery(TransactionStatus.FAILED))).isEqualTo("B ReadyForQuery E");
        assertThat(backend(BackendEncoder.parseComplete())).isEqualTo("B ParseComplete");
        assertThat(backend(BackendEncoder.bindComplete())).isEqualTo("B BindComplete");
        assertThat(backend(BackendEncoder.closeComplete())).isEqualTo("B CloseComplete");
        assertThat(backend(BackendEncoder.noData())).isEqualTo("B NoData");
        assertThat(backend(BackendEncoder.emptyQueryResponse())).isEqualTo("B EmptyQueryResponse");
        assertThat(backend(BackendEncoder.commandComplete("SELECT 1"))).isEqualTo("B CommandComplete \"SELECT 1\"");
        assertThat(backend(BackendEncoder.parameterDescription(List.of(23, 25)))).isEqualTo("B ParameterDescription 2 23 25");
        assertThat(backend(BackendEncoder.rowDescription(List.of(BackendEncoder.textColumn("status")))))
                .isEqualTo("B RowDescription 1 \"status\" 0 0 25 -1 -1 0");
        assertThat(backend(BackendEncoder.dataRow(Arrays.asList("held", null, "")))).isEqualTo("B DataRow 3 'held' NULL ''");
    }

    @Test
    void writesErrorsAndNotices() {
        Diagnosis denied = Diagnosis.error(SqlState.INSUFFICIENT_PRIVILEGE, "statement denied by rule ddl")
                .withDetail("schema change")
                .withHint("ask a DBA")
                .at(3);

        assertThat(backend(BackendEncoder.errorResponse(denied)))
                .isEqualTo("B ErrorResponse S \"ERROR\" V \"ERROR\" C \"42501\" M \"statement denied by rule ddl\""
                        + " D \"schema change\" H \"ask a DBA\" P \"3\"");
        assertThat(backend(BackendEncoder.noticeResponse(Diagnosis.notice("held"))))
                .isEqualTo("B NoticeResponse S \"NOTICE\" V \"NOTICE\" C \"00000\" M \"held\"");
        assertThat(backend(BackendEncoder.errorResponse(Diagnosis.fatal(SqlState.ADMIN_SHUTDOWN, "bye"))))
                .isEqualTo("B ErrorResponse S \"FATAL\" V \"FATAL\" C \"57P01\" M \"bye\"");
    }

    @Test
    void keepsAZeroInAMessageFromEndingIt() {
        Buffer error = BackendEncoder.errorResponse(Diagnosis.error(SqlState.SYNTAX_ERROR, "a\0Hb"));

        assertThat(backend(error)).endsWith("M \"a\\xef\\xbf\\xbdHb\"");
    }

    @Test
    void writesTheMessagesOfAFrontend() {
        List<BoundParameter> parameters = List.of(new BoundParameter(1, Buffer.buffer("a")), new BoundParameter(0, null));

        assertThat(frontend(FrontendEncoder.query("SELECT 1"))).isEqualTo("F Query \"SELECT 1\"");
        assertThat(frontend(FrontendEncoder.parse("s", "SELECT $1", List.of(23)))).isEqualTo("F Parse \"s\" \"SELECT $1\" 1 23");
        assertThat(frontend(FrontendEncoder.bind("p", "s", parameters, List.of(1)))).isEqualTo("F Bind \"p\" \"s\" 2 1 0 2 'a' NULL 1 1");
        assertThat(frontend(FrontendEncoder.execute("p", 10))).isEqualTo("F Execute \"p\" 10");
        assertThat(frontend(FrontendEncoder.describe(Kind.STATEMENT, "s"))).isEqualTo("F Describe S \"s\"");
        assertThat(frontend(FrontendEncoder.close(Kind.PORTAL, "p"))).isEqualTo("F Close P \"p\"");
        assertThat(frontend(FrontendEncoder.flush())).isEqualTo("F Flush");
        assertThat(frontend(FrontendEncoder.sync())).isEqualTo("F Sync");
        assertThat(frontend(FrontendEncoder.copyFail("no"))).isEqualTo("F CopyFail \"no\"");
        assertThat(frontend(FrontendEncoder.terminate())).isEqualTo("F Terminate");
        assertThat(frontend(FrontendEncoder.password("secret"))).isEqualTo("F PasswordMessage \"secret\"");
        assertThat(frontend(FrontendEncoder.saslInitialResponse("SCRAM-SHA-256", Buffer.buffer("n,,"))))
                .isEqualTo("F SASLInitialResponse \"SCRAM-SHA-256\" 'n,,'");
        assertThat(frontend(FrontendEncoder.saslInitialResponse("X", null))).isEqualTo("F SASLInitialResponse \"X\" NULL");
        assertThat(frontend(FrontendEncoder.saslResponse(Buffer.buffer("c=biws")))).isEqualTo("F SASLResponse 'c=biws'");
    }

    @Test
    void writesStartupPackets() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("user", "bob");
        parameters.put("database", "shop");

        assertThat(FrontendEncoder.sslRequest()).isEqualTo(WireScript.message("F SSLRequest"));
        assertThat(FrontendEncoder.cancelRequest(7, "abcd".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(WireScript.message("F CancelRequest 7 'abcd'"));
        assertThat(FrontendEncoder.startup(3, 2, parameters))
                .isEqualTo(WireScript.message("F StartupMessage 3 2 \"user\" \"bob\" \"database\" \"shop\""));
    }

    @Test
    void refusesToWriteWhatWouldBeReadDifferently() {
        assertThatIllegalArgumentException().isThrownBy(() -> FrontendEncoder.query("SELECT 1\0; DROP TABLE t"));
        assertThatIllegalArgumentException().isThrownBy(() -> FrontendEncoder.startup(3, 0, Map.of("", "x")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BackendEncoder.dataRow(Collections.nCopies(65536, "")))
                .withMessageContaining("65536");
        assertThatIllegalArgumentException().isThrownBy(() -> new SqlState("4250"));
        assertThatIllegalArgumentException().isThrownBy(() -> new SqlState("4250a"));
    }

    @Test
    void namesTheStatesAsTheManualDoes() {
        assertThat(SqlState.INSUFFICIENT_PRIVILEGE).hasToString("42501 insufficient_privilege");
        assertThat(new SqlState("42P01").conditionName()).isEqualTo("unknown");
    }

    private static String backend(Buffer message) {
        return WireScript.describeBackend(message);
    }

    private static String frontend(Buffer message) {
        return WireScript.describeFrontend(message);
    }
}
