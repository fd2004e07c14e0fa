"""Which characters stood where a mirror lost bytes (各?。▍^(qū)、市)?"""
