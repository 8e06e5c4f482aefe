using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using NotifyGateway.Core.Configuration;

namespace NotifyGateway.Api.Listeners;

/// <summary>A listener's certificate with its chain, read again when one of the two files has changed. A bad change keeps what was.</summary>
internal sealed class ListenerCertificate
{
    private readonly ListenerTlsOptions _files;
    private readonly string _input;
    private readonly ILogger _logger;

    // Handshakes run at the same time; one of them reads the files for all.
    private readonly Lock _gate = new();
    private (FileStamp Certificate, FileStamp Key) _stamp;
    private SslStreamCertificateContext _context;

    /// <exception cref="IOException">A file cannot be read, or is not what it should be.</exception>
    public ListenerCertificate(string input, ListenerTlsOptions files, ILogger logger)
    {
        (_input, _files, _logger) = (input, files, logger);
        _stamp = Stamp();
        try
        {
            _context = Read();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or UnauthorizedAccessException)
        {
            throw new IOException($"{input}: certificate {files.Certificate} with key {files.Key} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>For Kestrel: each handshake takes the one of its moment.</summary>
    public TlsHandshakeCallbackOptions Callback => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = Current }),
    };

    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_gate)
            {
                var stamp = Stamp();
                if (stamp != _stamp)
                {
                    _stamp = stamp;
                    Replace();
                }

                return _context;
            }
        }
    }

    private void Replace()
    {
        try
        {
            _context = Read();
            DoorLog.CertificateRead(_logger, _input, _files.Certificate, _context.TargetCertificate.NotAfter);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // Certificate and key are replaced one after the other: in between they do not fit, which is an ArgumentException.
            DoorLog.CertificateUnreadable(_logger, _input, _files.Certificate, e);
        }
    }

    private SslStreamCertificateContext Read()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_files.Certificate);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(_files.Certificate, _files.Key), chain, offline: true);
    }

    private (FileStamp, FileStamp) Stamp() => (FileStamp.Of(_files.Certificate), FileStamp.Of(_files.Key));

    private readonly record struct FileStamp(DateTime Written, long Length)
    {
        public static FileStamp Of(string path)
        {
            var file = new FileInfo(path);
            return file.Exists ? new FileStamp(file.LastWriteTimeUtc, file.Length) : default;
        }
    }
}
