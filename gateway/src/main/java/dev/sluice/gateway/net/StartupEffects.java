// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.wire.FrontendMessage.PasswordMessage;
import dev.sluice.gateway.wire.StartupPacket;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** What the stages of {@link FrontendStartup} ask of the outside. */
interface StartupEffects {
    void send(Buffer bytes);

    /** Send {@code answer} in the clear, then handshake; {@link FrontendStartup#secured} follows. */
    void upgrade(Buffer answer);

    /** Handshake with these first bytes, which were received in the clear; {@link FrontendStartup#secured} follows. */
    void upgradeDirectly(Buffer received);

    /** Cancel whom the key belongs to, and close. */
    void cancel(StartupPacket.CancelRequest request);

    /** Have the token checked; {@link FrontendStartup#checked} follows. */
    void check(String token);

    /** Open the server's leg. {@code caller} is null where the server is to authenticate the client's own login. */
    void connect(Admission admission, @Nullable ProvenCaller caller);

    /** The client's answer to a request of the server's that was passed on. */
    void answered(PasswordMessage answer);

    /** Tell, record and close. */
    void refuse(Refusal refusal, @Nullable Admission admission);
}
