"""English words for what visitors and devices leave behind."""

from __future__ import annotations

from governance.catalogue.recognition.meanings import Meaning

WORDS: dict[Meaning, str] = {
    Meaning.IP: (
        "ip, ip address, ip addr, ipaddr, ipaddress, remote addr, remote address, client ip, source ip, src ip, last ip, login ip, user "
        "ip, remote ip, remote host, host ip, host address, ip adr, ipv, ip v, x forwarded for, xff, session ip, session ip address, ip "
        "hash, forwarded for"
    ),
    Meaning.COOKIE: (
        "cookie, cookie id, cookie value, cookies, ga client id, visitor cookie, session cookie, google analytics id, gclid, fbclid, "
        "tracking id, tracking cookie, visitor id, fbp, anonymous id, anon id, visitor uuid, visitor guid, anonymous visitor id, "
        "anonymous user id, anonymous visitor, guest id, cookie uuid, cookie guid, ga id, ga cid, tracking uuid, unique visitor id, web "
        "visitor id, fbc, ttclid, yclid, msclkid, pixel id, tracker id, tracking cookie id, visitor token"
    ),
    Meaning.USER_AGENT: (
        "user agent, useragent, browser, browser agent, agent string, ua string, http user agent, browser name, browser version, browser "
        "info, uastring, ua, client agent, agent header, ua header"
    ),
    Meaning.DEVICE: (
        "device id, device identifier, device uuid, device serial, imei, imsi, idfa, gaid, advertising id, android id, device "
        "fingerprint, browser fingerprint, mac, mac address, mac addr, deviceid, hardware id, serial number, device token, push token, "
        "device, device hash, device name, device model, device info, device data, udid, phone imei, fcm token, device number, machine "
        "id, installation id, iccid, idfv, adid, device key, canvas fingerprint, push id, aaid, phone model, device guid, installation "
        "uuid, installation guid, install id, install uuid, app instance id, app install id, app installation id, firebase installation "
        "id, handset id, device fp, dev id, devid, hw id, hwid, sim serial, sim number, meid, browser id, device key id, device code, adv "
        "id, dvc id, dvc, terminal device id, handset imei"
    ),
    Meaning.COORDINATES: (
        "latitude, longitude, lat, lon, lng, lat lng, lat lon, coordinates, coords, geo, geolocation, gps, gps lat, gps lon, geo lat, geo "
        "lon, geo point, geo location, gps coordinates, gps position, gps location, geo position, gps lng, geo coordinates, geo lng, "
        "geoloc, latlng, latlon"
    ),
    Meaning.BROWSING: (
        "page url, visited url, referrer, referer, visited page, page address, page visited, browsing history, landing page, referrer url, "
        "http referer, url visited, search query, search history, visited site, visited pages, web address, site address, website address, "
        "page"
    ),
}
