// SPDX-License-Identifier: Apache-2.0
package dev.sluice.quickstart;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** Looks whether addresses are free before anything is started, since the failure of a service that binds last is late and long. */
final class Ports {
    private Ports() {}

    /** Fails with one sentence that names the address, who wanted it and the flag that moves it. */
    static void requireFree(HostPort address, String who, String flag) {
        if (address.port() == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()));
        } catch (UnknownHostException unknown) {
            throw new StartFailure("the host '" + address.host() + "' of " + flag + " is not known on this machine.", unknown);
        } catch (BindException taken) {
            throw new StartFailure(
                    "port " + address.port() + " on " + address.host() + ", wanted for " + who + ", cannot be used (" + taken.getMessage() + "): stop what listens there or choose another with " + flag + " HOST:PORT.", taken);
        } catch (IOException failed) {
            throw new StartFailure(address + ", wanted for " + who + ", cannot be used: " + failed.getMessage(), failed);
        }
    }
}
