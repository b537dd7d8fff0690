// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.wire.FrontendMessage.PasswordMessage;
import dev.sluice.gateway.wire.StartupPacket;
import dev.sluice.schemas.Principal;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what a startup asks of the outside, in words. */
final class RecordingEffects implements StartupEffects {
    final List<String> log = new ArrayList<>();
    final List<Buffer> sent = new ArrayList<>();
    final List<Principal> principals = new ArrayList<>();
    @Nullable Refusal refusal;
    @Nullable Admission admission;
    @Nullable Instant credentialEnds;

    @Override
    public void send(Buffer bytes) {
        sent.add(bytes);
        char tag = (char) bytes.getByte(0);
        log.add(tag == 'R' ? "send R" + bytes.getInt(5) : "send " + tag);
    }

    @Override
    public void upgrade(Buffer answer) {
        log.add("upgrade " + answer);
    }

    @Override
    public void upgradeDirectly(Buffer received) {
        log.add("upgrade directly " + received.length());
    }

    @Override
    public void cancel(StartupPacket.CancelRequest request) {
        log.add("cancel " + request.processId());
    }

    @Override
    public void check(String token) {
        log.add("check " + token);
    }

    @Override
    public void connect(Admission asked, @Nullable ProvenCaller caller) {
        admission = asked;
        if (caller == null) {
            log.add("connect as " + asked.user());
        } else {
            principals.add(caller.principal());
            credentialEnds = caller.credentialEnds();
            log.add("connect for " + caller.principal().subject());
        }
    }

    @Override
    public void answered(PasswordMessage answer) {
        log.add("answered " + answer.saslResponse());
    }

    @Override
    public void refuse(Refusal reason, @Nullable Admission asked) {
        refusal = reason;
        log.add("refuse " + reason.sqlState().code());
    }
}
