using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>What became of an upload that is over, for a client that did not hear it.</summary>
/// <param name="Name">what the file was called then</param>
/// <param name="Size">its bytes</param>
/// <param name="Md5">its digest</param>
/// <param name="Sha256">the other one, when it was promised</param>
/// <param name="Receipt">the line of the journal; null when a crash came before it could be kept</param>
internal sealed record StoredUpload(FileName Name, long Size, Md5Digest? Md5, ContentDigest? Sha256, JournalReceipt? Receipt);
