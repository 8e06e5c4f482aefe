using System.Security.Cryptography;
using NotifyGateway.Core.Configuration;
using NotifyGateway.Tests.Support;
using Xunit;

namespace NotifyGateway.Tests.Configuration;

public sealed class CertificateFilesTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void CertificateAndKey_InTwoFilesOrInOne_InAnyOrder()
    {
        var (certificate, key) = (Text(_certificates.Client.CertificateFile), Text(_certificates.Client.KeyFile));
        var chain = Text(_certificates.Authority.CertificateFile);

        Good(_certificates.Client.CertificateFile, _certificates.Client.KeyFile, 1);
        Good(_folder.Write("a.pem", certificate + key), null, 1);
        Good(_folder.Write("b.pem", "a note\n" + key + certificate + chain), null, 2);
    }

    [Fact]
    public void OtherKindsOfKeys_AreTaken()
    {
        using var rsa = RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=bot", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        Good(_folder.Write("pkcs8.pem", made.ExportCertificatePem() + "\n" + rsa.ExportPkcs8PrivateKeyPem()), null, 1);
        Good(_folder.Write("pkcs1.pem", made.ExportCertificatePem() + "\n" + rsa.ExportRSAPrivateKeyPem()), null, 1);
    }

    [Fact]
    public void WhatIsMissingOrBroken_IsNamedByItsFile()
    {
        var (file, key) = (_certificates.Client.CertificateFile, _certificates.Client.KeyFile);
        var pem = Text(key);
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(pem);
        var locked = ecdsa.ExportEncryptedPkcs8PrivateKeyPem("pass", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));

        Assert.Equal($"no such file: {_folder["none.pem"]}", Fault(_folder["none.pem"], null));
        Assert.Equal($"no such file: {_folder["none/none.key"]}", Fault(file, _folder["none/none.key"]));
        Assert.StartsWith($"{_folder.Path} cannot be read: ", Fault(file, _folder.Path), StringComparison.Ordinal);
        Assert.Equal($"{key} holds no certificate (PEM)", Fault(key, null));
        Assert.Equal($"{_folder["damaged.pem"]} holds a damaged certificate", Fault(_folder.Write("damaged.pem", "-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----\n"), null));
        Assert.Equal($"{file} holds no private key (PEM)", Fault(file, null));
        Assert.Equal($"{_folder["empty.key"]} holds no private key (PEM)", Fault(file, _folder.Write("empty.key", "")));
        Assert.Equal(
            $"{_folder["damaged.key"]} holds a key that is damaged or does not belong to the certificate in {file}",
            Fault(file, _folder.Write("damaged.key", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")));
        Assert.Equal($"the key in {_folder["locked.key"]} has a passphrase, or a form that is not known; a key without a passphrase is needed", Fault(file, _folder.Write("locked.key", locked)));
        Assert.Equal($"the key in {_certificates.Server.KeyFile} does not belong to the certificate in {file}", Fault(file, _certificates.Server.KeyFile));
    }

    [Fact]
    public void CertificateOutOfItsTime_IsAFault()
    {
        var (own, day) = (_certificates.Client, TimeSpan.FromDays(1));
        var (from, until) = (own.Certificate.NotBefore.ToUniversalTime(), own.Certificate.NotAfter.ToUniversalTime());

        Assert.Equal($"the certificate in {own.CertificateFile} expired on {until:yyyy-MM-dd}", Fault(own.CertificateFile, own.KeyFile, new DateTimeOffset(until + day)));
        Assert.Equal($"the certificate in {own.CertificateFile} is not valid before {from:yyyy-MM-dd}", Fault(own.CertificateFile, own.KeyFile, new DateTimeOffset(from - day)));
    }

    private static string Text(string path) => File.ReadAllText(path);

    private static void Good(string certificate, string? key, int count)
    {
        var (own, chain, fault) = CertificateFiles.ReadClient(certificate, key, DateTimeOffset.UtcNow);
        Assert.Null(fault);
        Assert.True(own!.HasPrivateKey);
        Assert.Equal(count, chain!.Count);
        own.Dispose();
    }

    private static string? Fault(string certificate, string? key, DateTimeOffset? now = null)
    {
        var (own, _, fault) = CertificateFiles.ReadClient(certificate, key, now ?? DateTimeOffset.UtcNow);
        Assert.Null(own);
        return fault;
    }
}
