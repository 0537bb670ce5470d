/** How people call a secret where words have blanks between them, as parts of regular expressions. */
export const NAMES_IN_SPACED_WORDS: readonly string[] = [
  "(?<=_)pass|password|passwd|passphrase|pass ?code|pwd|(?:secret|account|shared|storage|master|encryption|signing|private|license|access)[ _-]?(?:access[ _-]?)?key",
  "secret|client[ _-]?secret|api[ _-]?(?:key|token|secret)|apikey|(?:access|auth|refresh|session|bearer|security|bot|deploy)[ _-]?token|token|credentials?",
  "passwort|kennwort|zugangsschlüssel|api-schlüssel|geheimnis|zugangscode",
  "mot de passe|clé d['e] ?api|clé secrète|jeton",
  "contraseña|clave(?: secreta| de api| de acceso)?|token de acceso",
  "parola d['e] ?ordine|chiave (?:api|segreta)",
  "senha|chave (?:de api|secreta)",
  "wachtwoord|sleutel|api-sleutel",
  "hasło|klucz(?: api)?",
  "lösenord|nyckel|api-nyckel",
  "şifre|parola|anahtar",
  "пароль|ключ(?: api)?|токен|секрет",
  "كلمة (?:المرور|السر)|مفتاح",
  "पासवर्ड|कुंजी",
];

/** The same where words are not set apart. */
export const NAMES_IN_UNSPACED_WORDS: readonly string[] = [
  "パスワード|暗証番号|apiキー|アクセスキー|トークン|秘密鍵",
  "密码|密碼|口令|访问令牌|令牌|密钥|私钥",
  "비밀번호|암호|토큰|키",
];

/** What stands before a short row of digits that lets somebody in. */
export const NAMES_BEFORE_CODE: readonly string[] = [
  "pin|tan|otp|cvv2?|cvc2?|mfa code|2fa code",
  "(?:one[- ]time|verification|security|confirmation|access|login) (?:code|password|pin)",
  "einmalcode|sicherheitscode|prüfziffer|bestätigungscode",
  "code (?:de vérification|secret|de sécurité)",
  "código (?:de verificación|de seguridad|de verificação)",
  "codice (?:di verifica|di sicurezza)",
];
