/* SPDX-License-Identifier: 0BSD */
/* SPDX-FileCopyrightText: 2026 The rcumap authors */
/*
 * What the two sides of a connection say to each other.
 *
 *     client                             server
 *     connect()                          accept(), put into the map
 *     REQUEST_BYTES bytes       ->       read into the connection's buffers
 *                               <-       REPLY: the connection is in the map
 *     shutdown(SHUT_WR)         ->       end of file
 *                               <-       deleted from the map; reset
 *
 * The client says goodbye and the server answers with a reset (SO_LINGER with a time of 0) instead
 * of an orderly end. First, neither side then enters TIME_WAIT, in which each connection would block
 * its port for 60 s: the loads open more connections in a few seconds than there are ephemeral
 * ports. Nothing can be lost, since the client has read all that was sent. Second, the reset tells
 * the client that its connection has left the map: the loads can say exactly how many are live.
 */
#ifndef CONNTRACK_PROTO_H
#define CONNTRACK_PROTO_H

#define REQUEST_BYTES 6000
#define REPLY 'k'

/* Every connection stays within 127.0.0.0/8. */
#define LOOPBACK "127.0.0.1"

/* No process of this program outlives this, whatever happens. */
#define LIFETIME_SECONDS 300

#endif
