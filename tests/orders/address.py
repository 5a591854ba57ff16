"""Addresses as ``wx.chooseAddress`` answers them, and what of them nobody else must see."""

from __future__ import annotations

ADDRESS = {
    "user_name": "王小明",
    "tel_number": "13812341234",
    "province_name": "浙江省",
    "city_name": "杭州市",
    "county_name": "西湖区",
    "detail_info": "文三路 398 号 6 幢",
}
OTHER = {
    **ADDRESS,
    "user_name": "李丽",
    "tel_number": "010-12345678",
    "province_name": "北京市",
    "city_name": "北京市",
    "county_name": "海淀区",
}
PRIVATE = tuple(ADDRESS[name] for name in ("user_name", "tel_number", "detail_info", "county_name"))
